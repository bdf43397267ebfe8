"""The ids of others, put in addresses."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import TestResponse

from instrument_share.access.agreements.models import Agreement
from instrument_share.identity.services import issue_token
from instrument_share.notification.models import Message
from tests.support.builders import AT

from .stage import Stage, attempt


@attempt
def a_colleague_opens_the_booking(on: Stage) -> TestResponse:
    return on.as_("c").get(f"/bookings/{on.reference}")


@attempt
def a_liaison_of_another_partner_opens_it(on: Stage) -> TestResponse:
    return on.as_("L").get(f"/bookings/{on.reference}")


@attempt
def its_calendar_file_is_fetched_by_a_stranger(on: Stage) -> TestResponse:
    return on.as_("X").get(f"/bookings/{on.reference}.ics")


@attempt
def the_list_is_asked_for_another_ones_booking(on: Stage) -> TestResponse:
    return on.call("X", "GET", f"/bookings/{on.reference}")


@attempt
def its_conversation_is_read_by_a_colleague(on: Stage) -> TestResponse:
    return on.call("c", "GET", f"/bookings/{on.reference}/messages")


@attempt
def a_stranger_speaks_in_its_conversation(on: Stage) -> TestResponse:
    return on.as_("X").post(f"/bookings/{on.reference}/messages", data={"text": "Let me in."})


@attempt
def a_message_of_somebody_else_is_opened(on: Stage) -> TestResponse:
    theirs = on.session.scalar(select(Message.id).where(Message.person_id == on.scene.manager.id))
    return on.as_("X").post(f"/inbox/{theirs}")


@attempt
def a_token_of_somebody_else_is_revoked(on: Stage) -> TestResponse:
    issue_token(on.scene.applicant, "mine", at=AT)
    on.session.commit()
    return on.as_("X").post("/account/tokens/1/revoke")


@attempt
def an_agreement_of_others_is_opened(on: Stage) -> TestResponse:
    return on.as_("L").get(f"/agreements/{on.session.scalar(select(Agreement.reference))}")
