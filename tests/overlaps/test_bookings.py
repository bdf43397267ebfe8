"""Bookings, offers and letters while somebody else ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.booking import services as bookings
from instrument_share.booking.letters import services as letters
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import State, StepStatus
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import NothingOffered, NotWaiting
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.files.models import StoredFile
from instrument_share.foundation.errors import NotAuthenticated
from instrument_share.identity.own_data.erasing import erase
from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.services import roles
from tests.booking.letters.stage import issued
from tests.support.builders import AT, grant, make_institution, make_person, request_for
from tests.support.marks import postgresql_only
from tests.support.overlap import doing, in_between, outcomes, overlap
from tests.support.scene import make_scene


@postgresql_only
def test_a_letter_is_made_once(session, both):
    scene = make_scene()
    letter = issued(scene, scene.confirm(scene.ask()))
    keep = doing(letters.keep_pages, letter)
    assert outcomes(both(keep, keep)) == [None, None]
    assert session.scalars(select(StoredFile.id)).all() == [session.get(Letter, letter.id).file_id]


@postgresql_only
@pytest.mark.parametrize(
    ("service", "refusal"), [("decline", NothingOffered), ("leave", NotWaiting)]
)
def test_an_offer_that_is_accepted_is_not_given_up_at_the_same_moment(
    session, both, service, refusal
):
    scene = make_scene()
    booking, person = scene.ask(), make_person(make_institution())
    wish = JoinRequest(
        instrument=scene.instrument.slug, access_mode="on_site", purpose="Thin films",
        since=booking.starts_at, until=booking.ends_at, minutes=240, time_zone="UTC",
    )  # fmt: skip
    entry = waiting.join(wish, by=person, at=AT)
    bookings.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    given = both(
        doing(waiting.accept, entry.reference, by=person.id),
        doing(getattr(waiting, service), entry.reference, by=person.id),
    )
    assert outcomes(given) == [None, refusal]
    (offered,) = session.scalars(select(Booking).where(Booking.applicant_id == person.id))
    assert offered.state == State.SUBMITTED


def test_an_account_that_is_erased_meanwhile_books_nothing(app, session, database):
    scene = make_scene()
    person, request = scene.applicant.id, request_for(scene.instrument)
    ask, away = doing(bookings.request_booking, request, by=person), doing(erase, person, by=person)
    session.commit()
    late = (
        overlap(app, database, away, ask)
        if database.kind == "postgresql"
        else in_between(app, away, ask)
    )
    assert outcomes(late) == [None, NotAuthenticated]


@pytest.mark.parametrize("act", ["request", "submit", "approve"])
def test_whoever_is_suspended_meanwhile_neither_asks_nor_decides(app, session, database, act):
    """Also where all is written already and only the commit is left."""
    scene, admin = make_scene(), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    asked, later = scene.ask(), request_for(scene.instrument, AT + timedelta(days=2))
    draft = bookings.create_draft(later, by=scene.applicant, at=AT)
    by, service, what = {
        "request": (scene.applicant, bookings.request_booking, (later,)),
        "submit": (scene.applicant, bookings.submit, (draft.reference,)),
        "approve": (scene.manager, bookings.approve, (asked.reference,)),
    }[act]
    version = {} if act == "request" else {"version": None}
    late = doing(service, *what, by=by.id, **version)
    suspend = doing(roles.suspend, by.id, by=admin.id)
    session.commit()
    found = (
        overlap(app, database, late, suspend)[::-1]
        if database.kind == "postgresql"
        else in_between(app, suspend, late)
    )
    assert outcomes(found) == [None, NotAuthenticated]
    session.rollback()
    session.expire_all()
    assert sorted(session.scalars(select(Booking.state))) == [State.DRAFT, State.SUBMITTED]
    assert StepStatus.APPROVED not in {step.status for step in asked.steps}
