"""Accounts of others taken over, decisions in the matter of whom one stands in for, and terms that are over."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import TestResponse

from instrument_share.access.agreements.models import Agreement
from instrument_share.access.screening.models import Screening
from instrument_share.booking.models import Booking
from instrument_share.booking.services import create_draft
from instrument_share.identity.applications.models import InstitutionApplication
from instrument_share.identity.models import Person
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.services import name_deputy
from instrument_share.identity.values import Absence
from instrument_share.identity.vouching.standing import withdraw_vouching
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_person, make_project, request_for

from .over_or_forged import PROFILE
from .stage import Stage, attempt

_SQUATTER, _OWNER = "the words of a squatter", "a camel in the observatory"


@attempt
def a_password_that_a_squatter_typed_opens_the_account_of_who_proved_the_mailbox(
    on: Stage,
) -> TestResponse:
    """The squatter signs up first, in a browser of their own; the owner of the mailbox later, and answers the mail."""
    form = PROFILE | {"email": "owner@steppe.example"}
    on.client.post("/sign-up", data=form | {"password": _SQUATTER})
    on.client.delete_cookie("session")
    on.client.post("/sign-up", data=form | {"password": _OWNER})
    mails = on.session.scalars(select(Message).order_by(Message.id.desc()).limit(2)).all()
    for mail in mails:  # the owner's own, and the one that came before
        address = f"/verify-mail/{mail.facts['secret']}"
        assert 'name="wanted"' in on.client.get(address).text
        assert on.client.post(address).status_code == 422
    assert on.client.post(address, data={"wanted": _OWNER}).status_code == 302
    on.client.post("/sign-out")
    said = {"email": form["email"]}
    assert on.client.post("/sign-in", data=said | {"password": _OWNER}).status_code == 302
    on.client.post("/sign-out")
    answer: TestResponse = on.client.post("/sign-in", data=said | {"password": _SQUATTER})
    return answer


@attempt
def a_deputy_clears_the_screening_of_whom_they_stand_in_for(on: Stage) -> TestResponse:
    officer = on.cast["s"]
    assert officer is not None
    (held,) = officer.grants
    host = on.scene.instrument.facility.host
    held.scope_kind, held.scope_id = "institution", host.id
    row = Screening(
        person=officer, institution=host, screening_class="biosafety", answers={},
        answered_at=AT, state="waiting", outdated=False, reason="",
    )  # fmt: skip
    on.session.add(row)
    _as_deputy_of(on, officer)
    return on.client.post(
        f"/manage/screening/{row.id}", data={"do": "approve", "version": row.version}
    )


@attempt
def a_deputy_admits_the_institution_of_whom_they_stand_in_for(on: Stage) -> TestResponse:
    application = InstitutionApplication(
        reference="A-TEST", applicant=on.scene.office, created_at=AT, state="waiting",
        names={"en": "A paper mill"}, ror=None, country="CN", time_zone="UTC",
        website="https://mill.example", mail_domains=["mill.example"], reason="Let us in.",
    )  # fmt: skip
    on.session.add(application)
    _as_deputy_of(on, on.scene.office)
    return on.client.post(
        "/manage/institutions/A-TEST/admit", data={"version": application.version}
    )


@attempt
def a_deputy_makes_themself_an_operator_for_good(on: Stage) -> TestResponse:
    _as_deputy_of(on, on.scene.manager)
    place = f"facility:{on.scene.instrument.facility.slug}"
    said = {"place": place, "email": on.cast["d"].email, "role": "operator"}
    return on.client.post("/manage/roles", data=said)


@attempt
def a_deputy_who_is_vouched_for_no_more_approves(on: Stage) -> TestResponse:
    _as_deputy_of(on, on.scene.manager)
    deputy = on.cast["d"]
    liaison = make_person(deputy.institution)
    grant(liaison, Role.LIAISON, Scope("institution", deputy.institution_id))
    withdraw_vouching(deputy.id, "They left.", by=liaison, at=AT)
    on.session.commit()
    return on.act("d", "approve")


def _as_deputy_of(on: Stage, holder: Person) -> None:
    deputy = make_person(holder.institution)
    absence = Absence(email=deputy.email, grant_id=None, first_day=AT.date(), last_day=AT.date())
    name_deputy(absence, by=holder, at=AT)
    on.session.commit()
    on.cast["d"] = deputy
    on.as_("d")


@attempt
def a_draft_is_sent_under_an_agreement_that_has_ended(on: Stage) -> TestResponse:
    agreement = on.session.scalars(select(Agreement)).one()
    draft = _draft(on, agreement=agreement.reference)
    agreement.state = "ended"
    return _send(on, draft)


@attempt
def a_draft_is_sent_under_a_project_that_its_applicant_has_left(on: Stage) -> TestResponse:
    project = make_project(on.scene.applicant)
    draft = _draft(on, project=project.reference)
    project.members.clear()
    return _send(on, draft)


def _draft(on: Stage, **values: str) -> Booking:
    request = request_for(on.scene.instrument, AT.replace(day=9), **values)
    return create_draft(request, by=on.scene.applicant, at=AT)


def _send(on: Stage, draft: Booking) -> TestResponse:
    on.session.commit()
    path = f"/bookings/{draft.reference}/actions/submit"
    return on.call("a", "POST", path, json={}, headers={"If-Match": f'"{draft.version}"'})
