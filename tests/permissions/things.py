"""What stands in the places of addresses, and what forms and calls must say to be understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from instrument_share.access.agreements.documents.rules import DocumentKind
from instrument_share.access.agreements.documents.services import add_document
from instrument_share.access.agreements.documents.values import DocumentDraft
from instrument_share.access.calls.proposing.services import write_proposal
from instrument_share.access.calls.reviewing.services import appoint
from instrument_share.access.projects.services import create_project
from instrument_share.access.projects.values import ProjectDraft
from instrument_share.access.screening.models import ScreeningEvidence
from instrument_share.access.screening.rules import Answer, Evidence, Question, ScreeningClass
from instrument_share.access.screening.services import answer, decide, publish
from instrument_share.access.training.services import request_place
from instrument_share.accounting.services import issue_statements
from instrument_share.booking import services
from instrument_share.booking.at_instrument.services import report_fault
from instrument_share.booking.desk.replies.services import ReplyTexts, keep_reply
from instrument_share.booking.letters.services import ask_for_letter, issue_letter
from instrument_share.booking.models import Booking
from instrument_share.booking.samples.rules import Step
from instrument_share.booking.samples.services import take_step
from instrument_share.booking.samples.values import Parcel
from instrument_share.booking.series.services import create_series
from instrument_share.booking.series.values import SeriesRequest
from instrument_share.booking.values import FinishedUse, SampleEntry
from instrument_share.booking.visits.models import VisitTask
from instrument_share.booking.visits.services import enter_visit
from instrument_share.booking.visits.values import VisitorEntry, VisitPlan
from instrument_share.catalogue.outside.services import subscribe
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from instrument_share.identity.applications.services import apply
from instrument_share.identity.applications.values import ApplicationRequest
from instrument_share.identity.invitations.rules import Guest
from instrument_share.identity.invitations.services import invite_all
from instrument_share.identity.models import Person
from instrument_share.identity.openid.models import OpenidIdentity
from instrument_share.identity.openid.services import link
from instrument_share.identity.openid.values import Claims
from instrument_share.identity.services import issue_token
from tests.support.builders import (
    AT,
    make_agreement,
    make_closure,
    make_entry,
    make_qualification,
    make_rate_card,
    make_training,
    request_for,
)
from tests.support.calls import make_call, proposal_draft
from tests.support.scene import Scene
from tests.support.uploads import upload

LATER = AT + timedelta(days=40)
EXPORT = ScreeningClass.EXPORT_CONTROL


@dataclass
class Things:
    """Values by the name of a place in an address; `by_room` has those that mean something else in one room."""

    values: dict[str, Any]
    by_room: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def address(self, rule: Rule) -> str:
        """The rule's address with these things in it."""
        room = rule.endpoint.partition(".")[0]
        own = self.by_room.get(rule.endpoint, self.by_room.get(room, {}))

        def value(match: re.Match[str]) -> str:
            return str(own.get(match[1], self.values.get(match[1], 1)))

        return re.sub(r"<(?:[^:<>]+:)?(\w+)>", value, rule.rule)


def make_things(scene: Scene, cast: dict[str, Person]) -> Things:
    """One of everything, all of it the applicant's or of the scene's facility; tokens by letter of the cast."""
    officer = cast["p"]
    used = _used(scene)
    missed = scene.confirm(scene.ask(starts_at=used.ends_at + timedelta(hours=2)))
    services.mark_no_show(missed.reference, by=scene.operator, at=missed.starts_at, version=None)
    invited = _invited(scene)
    liaison = cast["l"]
    assert liaison.institution is not None
    (invitation,) = invite_all(
        [Guest("guest@x.example")], liaison.institution, by=liaison, at=LATER
    )
    values = {
        "reference": scene.ask(
            starts_at=LATER + timedelta(days=2), at=LATER, access_mode="on_site"
        ).reference,
        "slug": scene.instrument.slug, "person_id": scene.applicant.id,
        "kind": "csv", "secret": "x", "token": "x", "filename": "css/site.css", "key": "x",
        "invitation_id": invitation.id, "action": "cancel", "what": "remove", "step": "end", "code": "x",
        "home": scene.applicant.institution.slug,
        "provider": "campus", "identity_id": _known_to_a_provider(scene.applicant).id,
        **_of_the_facility(scene, officer),
    }  # fmt: skip
    return Things(
        values, _by_room(scene, officer, used, invited),
        tokens={
            letter: issue_token(person, "table", at=LATER)[0] for letter, person in cast.items()
        },
    )  # fmt: skip


def _known_to_a_provider(person: Person) -> OpenidIdentity:
    claims = Claims("https://campus.example", "alice", person.email, True)
    return link(person, claims, at=LATER)


def _used(scene: Scene) -> Booking:
    """A use that is over and charged."""
    make_rate_card(scene.instrument.facility)
    used = scene.confirm(scene.ask(access_mode="on_site"))
    services.start(used.reference, by=scene.manager, at=used.starts_at, version=None)
    services.finish(
        used.reference, by=scene.manager, at=used.ends_at, version=None,
        use=FinishedUse(used.starts_at, used.ends_at),
    )  # fmt: skip
    return used


def _invited(scene: Scene) -> tuple[Booking, str]:
    """A visit with its letter, and the letter's number."""
    start = LATER + timedelta(days=12)
    booking = scene.confirm(scene.ask(starts_at=start, at=LATER, access_mode="on_site"))
    visitor = VisitorEntry("Әйгерім", "Aigerim Nur", "KZ", "University", "researcher")
    days = (start.date() - timedelta(days=1), start.date() + timedelta(days=1))
    enter_visit(booking.reference, VisitPlan(*days, (visitor,)), by=scene.applicant, at=LATER)
    ask_for_letter(booking.reference, "en", by=scene.applicant, at=LATER)
    letter = issue_letter(booking.reference, "https://x.example/", by=scene.office, at=LATER)
    return booking, letter.number


def _of_the_facility(scene: Scene, officer: Person) -> dict[str, Any]:
    """Numbers of what belongs to the facility or its host."""
    facility = scene.instrument.facility
    (statement,) = issue_statements("2026-03", by=officer, at=LATER)
    window = Interval(LATER + timedelta(days=20), LATER + timedelta(days=21))
    reply = keep_reply(
        facility.slug, ReplyTexts("Form", {"en": "Send it."}), by=scene.manager, at=LATER
    )
    fault = report_fault(scene.instrument.slug, "No vacuum", by=scene.applicant, at=LATER)
    questions = (Question("use", {"en": "Is it licensed?"}, "no", Evidence.LICENCE),)
    publish(facility.host, EXPORT, questions, 12, by=scene.office, at=LATER, version=0)
    calendar = subscribe(
        scene.instrument.slug, "https://x.example/a.ics", {"en": "Beam"}, by=scene.manager, at=LATER
    )
    qualification = make_qualification(scene.applicant, scene.instrument, "supervised")
    screening = answer(
        facility.host,
        EXPORT,
        {"use": Answer("yes")},
        {"use": upload()},
        by=scene.applicant,
        at=LATER,
    )
    decide(screening.id, "approve", "", by=scene.office, at=LATER)
    return {
        "number": statement.number, "exception_id": make_closure(scene.instrument, window).id,
        "reply_id": reply.id, "grant_id": scene.manager.grants[0].id, "fault_id": fault.id,
        "calendar_id": calendar.id, "qualification_id": qualification.id,
        "screening_id": screening.id, "host": facility.host.slug, "screening_class": EXPORT.value,
    }  # fmt: skip


def _by_room(
    scene: Scene, officer: Person, used: Booking, invited: tuple[Booking, str]
) -> dict[str, dict[str, Any]]:
    facility, home = scene.instrument.facility, scene.applicant.institution
    assert home is not None
    agreement = make_agreement(facility.host, home)
    memorandum = add_document(
        agreement.reference,
        DocumentDraft("Memorandum", DocumentKind.MEMORANDUM, "en", upload()),
        by=scene.office, at=LATER,
    )  # fmt: skip
    document = {"reference": agreement.reference, "key": memorandum.file.key}
    start = LATER + timedelta(days=5)
    asked = SeriesRequest(request_for(scene.instrument, starts_at=start), "FREQ=DAILY;COUNT=2")
    series, _ = create_series(asked, by=scene.applicant, at=LATER)
    entry = make_entry(scene.instrument, scene.applicant, since=LATER, until=LATER + timedelta(9))
    training = make_training(
        scene.instrument, scene.operator,
        starts_at=LATER + timedelta(days=1), ends_at=LATER + timedelta(days=1, hours=2),
    )  # fmt: skip
    request_place(training.reference, by=scene.applicant, at=LATER)
    project = _project(scene, agreement.reference)
    application = apply(_WISH, by=scene.applicant, at=LATER)
    by_mail = scene.confirm(
        scene.ask(
            starts_at=LATER + timedelta(days=14), at=LATER, access_mode="mail_in",
            samples=(SampleEntry("Thin film"),),
        )
    )  # fmt: skip
    (sample,) = by_mail.samples
    sent = Parcel("SF Express", "SF1")
    track = take_step(by_mail.reference, sample.id, Step.SEND, sent, by=scene.applicant, at=LATER)
    from_afar = scene.confirm(
        scene.ask(starts_at=LATER + timedelta(days=15), at=LATER, access_mode="remote")
    )
    visit = {
        "reference": invited[0].reference,
        "number": invited[1],
        "task_id": _task_of(invited[0]),
    }
    call, proposal = _called(scene, officer)
    return {
        "access": {"reference": agreement.reference},
        "agreement_documents": document, "agreement_documents_api": document,
        "agreements": {"reference": agreement.reference},
        "agreements_api": {"reference": agreement.reference},
        "applications": {"reference": application.reference, "decision": "admit"},
        "afterwards": {"reference": used.reference, "entry_id": 1},
        "afterwards_api": {"reference": used.reference},
        "at_instrument.act": {"what": "start"},
        "booking.act": {"action": "cancel"},
        "calls": {"reference": call}, "calls_api": {"reference": call},
        "calls_api.change": {"reference": proposal},
        "calls_api.read_proposal": {"reference": proposal},
        "catalogue.facility": {"slug": facility.slug},
        "decisions": {"reference": call}, "decisions_api": {"reference": call},
        "closing.plan": {"kind": "closure"},
        "identity.look_after": {"action": "vouch"},
        "letters": visit, "letters_api": visit, "visits": visit, "visits_api": visit,
        "visits.tasks": {"slug": facility.slug},
        "projects": {"reference": project, "answer": "accept"},
        "proposals": {"reference": proposal, "what": "withdraw"},
        "proposals.write": {"reference": call},
        "projects.member": {"reference": project, "what": "remove"},
        "projects_api": {"reference": project},
        "reviews": {"reference": proposal}, "reviews_api": {"reference": proposal},
        "remote": {"reference": from_afar.reference, "code": "network"},
        "samples": {"reference": by_mail.reference, "sample_id": sample.id, "word": "receive", "code": track.code},
        "samples_api": {"reference": by_mail.reference, "sample_id": sample.id},
        "schedule.facility_feed": {"slug": facility.slug},
        "screening_api": {"decision": "withdraw"},
        "screening_api.evidence": {"key": db.session.scalar(select(ScreeningEvidence)).file.key},
        "screening.evidence": {"key": db.session.scalar(select(ScreeningEvidence)).file.key},
        "series": {"reference": series.reference},
        "series_api": {"reference": series.reference},
        "shares": {"slug": facility.slug},
        "policies": {"kind": "instrument"},
        "policies_api": {"kind": "instrument"},
        "training": {"reference": training.reference},
        "training_api": {"reference": training.reference},
        "vouching.change_standing": {"what": "withdraw"},
        "waiting": {"reference": entry.reference, "action": "leave"},
        "waiting_api": {"reference": entry.reference},
    }  # fmt: skip


def _project(scene: Scene, agreement: str) -> str:
    draft = ProjectDraft(
        {"en": "Thin films"}, "joint_project", "new_materials", scene.applicant.email,
        agreement=agreement,
    )  # fmt: skip
    return create_project(draft, by=scene.office, at=LATER).reference


def _called(scene: Scene, officer: Person) -> tuple[str, str]:
    """An open call with a reviewer, and what the applicant proposes."""
    call = make_call(scene.instrument, officer, opens_at=LATER - timedelta(days=1))
    appoint(call.reference, scene.applicant.email, by=officer, at=LATER)
    draft = proposal_draft(scene.instrument.slug)
    proposal = write_proposal(call.reference, draft, submit=True, by=scene.applicant, at=LATER)
    return call.reference, proposal.reference


def _task_of(booking: Booking) -> int:
    of_it = VisitTask.visit_id == booking.id
    found = db.session.scalar(select(VisitTask.id).where(of_it).limit(1))
    assert found is not None
    return found


_WISH = ApplicationRequest(
    {"en": "University of the Steppe"}, "KZ", "Asia/Almaty", "https://www.steppe.example/",
    ("steppe.example",), "To measure.",
)  # fmt: skip
