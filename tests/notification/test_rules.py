"""Who is told what, and how often a mail is tried."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from instrument_share.booking.rules import LIFECYCLE, Action, State
from instrument_share.foundation.calendar.document import Method
from instrument_share.notification.rules import (
    INVITATION,
    MOST_ATTEMPTS,
    Audience,
    Kind,
    wait_after,
    who_is_told,
)
from instrument_share.notification.wording import words_for

A, D, S, R = Audience.APPLICANT, Audience.DECIDERS, Audience.ASKED, Audience.OPERATORS
N = Audience.ASKED_NOW


@pytest.mark.parametrize(
    ("action", "was", "now", "expected"),
    [
        (Action.CREATE, State.DRAFT, State.DRAFT, set()),
        (Action.SUBMIT, State.DRAFT, State.SUBMITTED, {(A, Kind.RECEIVED), (D, Kind.DECISION_NEEDED)}),
        (Action.APPROVE, State.SUBMITTED, State.SUBMITTED, {(N, Kind.DECISION_NEEDED)}),
        (Action.APPROVE, State.SUBMITTED, State.CONFIRMED, {(A, Kind.CONFIRMED), (R, Kind.EXPECTED)}),
        (Action.REJECT, State.SUBMITTED, State.REJECTED, {(A, Kind.REJECTED)}),
        (Action.REQUEST_CHANGES, State.SUBMITTED, State.CHANGES_REQUESTED, {(A, Kind.CHANGES_REQUESTED)}),
        (Action.RESCHEDULE, State.DRAFT, State.DRAFT, set()),
        (Action.RESCHEDULE, State.SUBMITTED, State.SUBMITTED, {(A, Kind.MOVED), (D, Kind.DECISION_NEEDED)}),
        (
            Action.RESCHEDULE,
            State.CONFIRMED,
            State.SUBMITTED,
            {(A, Kind.MOVED), (D, Kind.DECISION_NEEDED), (R, Kind.CALLED_OFF)},
        ),
        (Action.CANCEL, State.DRAFT, State.CANCELLED, set()),
        (Action.CANCEL, State.SUBMITTED, State.CANCELLED, {(A, Kind.CANCELLED), (S, Kind.SETTLED_WITHOUT_YOU)}),
        (Action.CANCEL, State.CONFIRMED, State.CANCELLED, {(A, Kind.CANCELLED), (R, Kind.CALLED_OFF)}),
        (Action.WITHDRAW, State.SUBMITTED, State.DRAFT, {(A, Kind.WITHDRAWN), (S, Kind.SETTLED_WITHOUT_YOU)}),
        (Action.EXPIRE, State.SUBMITTED, State.EXPIRED, {(A, Kind.EXPIRED), (S, Kind.SETTLED_WITHOUT_YOU)}),
        (Action.OFFER, State.DRAFT, State.OFFERED, {(A, Kind.OFFERED)}),
        (Action.CANCEL, State.OFFERED, State.CANCELLED, set()),
        (Action.EXPIRE, State.OFFERED, State.EXPIRED, {(A, Kind.OFFER_RAN_OUT)}),
        (Action.START, State.CONFIRMED, State.IN_USE, set()),
        (Action.FINISH, State.IN_USE, State.COMPLETED, {(A, Kind.FINISHED)}),
        (Action.MARK_NO_SHOW, State.CONFIRMED, State.NO_SHOW, {(A, Kind.NO_SHOW)}),
        (Action.SETTLE, State.COMPLETED, State.SETTLED, set()),
    ],
)  # fmt: skip
def test_who_is_told_what(action, was, now, expected):
    assert set(who_is_told(action, was, now)) == expected


def test_whoever_ends_a_live_request_the_applicant_hears_of_it():
    over = {State.REJECTED, State.CANCELLED, State.EXPIRED, State.NO_SHOW}
    for (was, action), transition in LIFECYCLE.items():
        if (was, action) == (State.OFFERED, Action.CANCEL):
            continue  # their own answer: nobody else can decline
        if transition.to in over and was is not State.DRAFT:
            assert A in {audience for audience, _ in who_is_told(action, was, transition.to)}, (
                action
            )


def test_what_takes_time_away_also_takes_it_from_the_calendar():
    gone = {Kind.REJECTED, Kind.CANCELLED, Kind.EXPIRED, Kind.WITHDRAWN, Kind.CALLED_OFF}
    gone |= {Kind.TRAINING_CANCELLED}
    assert {kind for kind, method in INVITATION.items() if method is Method.CANCEL} == gone


def test_every_kind_has_its_words(session):
    values = defaultdict(lambda: "李")  # whatever they name
    for kind in set(Kind) - {Kind.DIGEST}:  # it has none of its own
        words = words_for(kind, values)
        assert all((words.subject, words.sentence, words.next_step, words.button)), kind
        assert "%(" not in f"{words.subject}{words.sentence}{words.next_step}"


def test_each_wait_is_twice_the_last_until_it_is_given_up():
    waits = [wait_after(attempts) for attempts in range(1, MOST_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-2] == timedelta(hours=6)
    assert waits[-1] is None
    assert timedelta(days=0.5) < sum(waits[:-1], timedelta()) < timedelta(days=3)
