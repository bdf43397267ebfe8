"""A house in which much has happened: everything that strangers must not see or change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from instrument_share.access.calls.proposing.services import write_proposal
from instrument_share.access.calls.values import ProposalDraft
from instrument_share.access.screening.rules import Answer, ScreeningClass
from instrument_share.access.screening.services import answer as answer_screening
from instrument_share.access.training.models import TrainingPlace
from instrument_share.accounting.services import issue_statements
from instrument_share.booking import services
from instrument_share.booking.models import Booking
from instrument_share.booking.series.services import create_series
from instrument_share.booking.series.values import SeriesRequest
from instrument_share.booking.values import FinishedUse
from instrument_share.foundation.database import db
from instrument_share.identity.models import Person
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from tests.support.builders import (
    AT,
    grant,
    make_agreement,
    make_facility,
    make_institution,
    make_person,
    make_project,
    make_rate_card,
    make_staff,
    make_training,
    request_for,
)
from tests.support.calls import make_call
from tests.support.scene import Scene, make_scene

SECRET = "an unmistakable purpose"
LATER = AT + timedelta(days=40)


@dataclass
class House:
    """A settled use of somebody's, and all that can be asked about it."""

    scene: Scene
    booking: Booking
    statement: str
    agreement: str
    project: str
    series: str
    training: str
    screening: int
    call: str
    proposal: str

    @property
    def values(self) -> dict[str, object]:
        """What stands in the places of an address."""
        return {
            "reference": self.booking.reference, "slug": self.scene.instrument.slug,
            "number": self.statement, "kind": "csv", "action": "cancel", "secret": "x", "token": "x",
            "filename": "css/site.css", "person_id": self.scene.applicant.id,
            "host": self.scene.instrument.facility.host.slug, "screening_class": "export_control",
            "screening_id": self.screening,
        }  # fmt: skip


def settled_house() -> House:
    scene = make_scene()
    host, partner = scene.instrument.facility.host, scene.applicant.institution
    agreement = make_agreement(host, partner)
    make_rate_card(scene.instrument.facility)
    officer = make_person(host)
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    booking = scene.confirm(scene.ask(purpose=SECRET))
    start = booking.starts_at
    services.start(booking.reference, by=scene.manager, at=start, version=None)
    services.finish(
        booking.reference, by=scene.manager, at=booking.ends_at, version=None,
        use=FinishedUse(start, booking.ends_at),
    )  # fmt: skip
    (statement,) = issue_statements("2026-03", by=officer, at=LATER)
    request = request_for(scene.instrument, starts_at=LATER + timedelta(days=3), purpose=SECRET)
    series, _ = create_series(
        SeriesRequest(request, "FREQ=DAILY;COUNT=2"), by=scene.applicant, at=LATER
    )
    training = make_training(
        scene.instrument, scene.operator, starts_at=LATER, ends_at=LATER + timedelta(hours=1)
    )
    training.taken.append(
        TrainingPlace(person=scene.applicant, seat=1, state="booked", asked_at=AT)
    )
    worrying = {"dual_use": Answer("yes", SECRET), "end_use": Answer("no")}
    screening = answer_screening(
        host, ScreeningClass.EXPORT_CONTROL, worrying | {"listed_party": Answer("no")},
        by=scene.applicant, at=LATER,
    )  # fmt: skip
    db.session.commit()
    project = make_project(scene.applicant, lead=scene.applicant, agreement=agreement)
    db.session.commit()
    call = make_call(scene.instrument, officer, opens_at=LATER - timedelta(days=5))
    proposal = write_proposal(
        call.reference,
        ProposalDraft(SECRET, SECRET, "ocean", {scene.instrument.slug: 60}),
        submit=True, by=scene.applicant, at=LATER - timedelta(days=1),
    )  # fmt: skip
    db.session.commit()
    return House(
        scene, booking, statement.number, agreement.reference, project.reference,
        series.reference, training.reference, screening.id, call.reference, proposal.reference,
    )  # fmt: skip


def strangers(house: House) -> dict[str, Person]:
    """People who have accounts and roles, all of them elsewhere."""
    elsewhere = make_facility()
    liaison = make_person(make_institution())
    grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
    return {
        "researcher": make_person(make_institution()),
        "colleague": make_person(house.scene.applicant.institution),
        "liaison": liaison,
        "manager": make_staff(Role.FACILITY_MANAGER, elsewhere),
        "office": make_staff(Role.INTERNATIONAL_OFFICE, elsewhere),
    }
