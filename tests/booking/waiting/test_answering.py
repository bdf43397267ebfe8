"""An offer is accepted, declined or left unanswered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.errors import OfferOver
from instrument_share.booking.rules import State
from instrument_share.booking.waiting import queries
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import NothingOffered, NotWaiting
from instrument_share.booking.waiting.rules import EntryState
from instrument_share.foundation.errors import Forbidden, NotFound
from tests.booking.waiting.stage import (
    HOUR,
    TUESDAY,
    WEDNESDAY,
    cancel,
    holds,
    join,
    offered_slot,
    told,
)
from tests.support.builders import AT


def test_an_accepted_offer_is_decided_like_any_request(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    waiting.accept(entry.reference, by=entry.person, at=AT + HOUR)
    accepted = entry.offers[0].booking
    assert (entry.state, accepted.state) == (EntryState.ACCEPTED, State.SUBMITTED)
    assert [step.status for step in accepted.steps] == ["pending", "waiting"]
    assert told(session, entry.person) == ["offered", "received"]
    assert scene.confirm(accepted).state == State.CONFIRMED
    with pytest.raises(NothingOffered):
        waiting.accept(entry.reference, by=entry.person, at=AT + HOUR)


def test_accepting_on_the_bookings_page_is_the_same(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    services.submit(
        entry.standing_offer.booking.reference, by=entry.person, at=AT + HOUR, version=None
    )
    assert entry.state == EntryState.ACCEPTED


def test_a_declined_offer_goes_to_the_next_at_once_and_not_back(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    waiting.decline(first.reference, by=first.person, at=AT)
    assert (first.state, second.state) == (EntryState.WAITING, EntryState.OFFERED)
    assert offered_slot(second) == booking.slot
    waiting.decline(second.reference, by=second.person, at=AT)
    assert first.standing_offer is None  # it is not offered the same time again
    assert second.state == EntryState.WAITING
    assert holds(session) == 0


def test_declining_all_that_was_waited_for_ends_the_wait(session, scene):
    booking = scene.ask()
    entry = join(scene, since=booking.starts_at, until=booking.ends_at)
    cancel(booking)
    waiting.decline(entry.reference, by=entry.person, at=AT)
    assert entry.state == EntryState.DECLINED
    assert told(session, entry.person) == ["offered"]


def test_an_offer_that_runs_out_goes_to_the_next(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    deadline = first.standing_offer.answer_by
    assert services.expire_due(deadline - timedelta(seconds=1)) == 0
    assert services.expire_due(deadline) == 1
    assert (first.state, first.missed) == (EntryState.WAITING, 1)
    assert (second.state, offered_slot(second)) == (EntryState.OFFERED, booking.slot)
    assert told(session, first.person) == ["offered", "offer_ran_out"]
    assert told(session, second.person) == ["offered"]


def test_an_offer_cannot_be_accepted_after_its_deadline(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    with pytest.raises(OfferOver):
        waiting.accept(entry.reference, by=entry.person, at=entry.standing_offer.answer_by)


def test_an_entry_lapses_when_offers_go_unanswered(session, scene):
    entry = join(scene, until=WEDNESDAY + 20 * HOUR)
    for start in (TUESDAY, WEDNESDAY):
        cancel(scene.ask(starts_at=start))
        services.expire_due(entry.standing_offer.answer_by)
    assert (entry.state, entry.missed) == (EntryState.LAPSED, 2)


def test_leaving_with_an_offer_passes_it_on(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    waiting.leave(first.reference, by=first.person, at=AT)
    assert (first.state, second.state) == (EntryState.LEFT, EntryState.OFFERED)
    with pytest.raises(NotWaiting):
        waiting.leave(first.reference, by=first.person, at=AT)
    assert queries.view_of(first).place is None
    assert queries.view_of(second).place == 1


def test_nobody_answers_for_somebody_else(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    for act in (waiting.accept, waiting.decline, waiting.leave):
        for person in (scene.applicant, scene.manager):
            with pytest.raises(NotFound):
                act(entry.reference, by=person, at=AT)
    assert entry.state == EntryState.OFFERED
    with pytest.raises(Forbidden):
        queries.line_of(scene.applicant, scene.instrument.slug)
    _, line = queries.line_of(scene.manager, scene.instrument.slug)
    assert [view.entry for view in line] == [entry]
