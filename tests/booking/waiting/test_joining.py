"""Who may stand in line, for what, and until when."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from instrument_share.access.errors import AgreementNotUsable
from instrument_share.booking.waiting import queries
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import AlreadyWaiting, WaitingListFull
from instrument_share.booking.waiting.rules import MOST_ENTRIES, EntryState
from instrument_share.foundation.errors import InvalidInput
from tests.booking.waiting.stage import HOUR, TUESDAY, cancel, join, someone, wish
from tests.support.builders import AT, make_agreement

IMPOSSIBLE = [
    ({"until": TUESDAY - 5 * HOUR}, "until"),
    ({"since": AT - 9 * HOUR, "until": AT - HOUR}, "until"),
    ({"until": TUESDAY + timedelta(days=400)}, "until"),
    ({"minutes": 15}, "minutes"),
    ({"minutes": 600}, "minutes"),
    ({"minutes": 245}, "minutes"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"access_mode": "data"}, "access_mode"),
    ({"not_before": time(9), "not_after": time(12)}, "until"),
    ({"weekdays": frozenset({"sun"})}, "until"),
    ({"instrument": "none"}, "instrument"),
    ({"project": "P-none"}, "project"),
]


def test_a_wish_that_cannot_come_true_is_refused(session, scene):
    for values, field in IMPOSSIBLE:
        with pytest.raises(InvalidInput) as refusal:
            join(scene, scene.applicant, **values)
        assert field in refusal.value.fields, values
    with pytest.raises(AgreementNotUsable):
        join(scene, scene.applicant, agreement="A-none")
    assert queries.entries_of(scene.applicant).total == 0


def test_one_entry_for_each_wish_and_only_so_many(session, scene):
    person = someone()
    join(scene, person)
    with pytest.raises(AlreadyWaiting):
        join(scene, person)
    for number in range(1, MOST_ENTRIES):
        join(scene, person, minutes=30 * number if number != 8 else 480)
    with pytest.raises(WaitingListFull):
        join(scene, person, since=TUESDAY)


def test_the_agreement_that_was_chosen_goes_with_the_offer(session, scene):
    person = someone()
    host = scene.instrument.facility.host
    make_agreement(host, person.institution)
    chosen = make_agreement(host, person.institution, reference="Z-chosen")
    booking = scene.ask()
    entry = join(scene, person, agreement="Z-chosen")
    cancel(booking)
    assert entry.standing_offer.booking.agreement == chosen


def test_an_entry_is_over_when_its_window_is(session, scene):
    entry = join(scene)
    assert waiting.close_over(entry.until - HOUR) == 0
    assert waiting.close_over(entry.until) == 1
    session.refresh(entry)
    assert entry.state == EntryState.OVER


def test_a_list_takes_as_many_statements_as_one_entry(session, scene, count_queries):
    person = someone()
    booking = scene.ask()
    join(scene, person)
    cancel(booking)
    session.commit()

    def statements() -> int:
        session.expunge_all()
        with count_queries() as counted:
            queries.entries_of(person)
        return counted.count

    one = statements()
    for minutes in (30, 60, 90):
        waiting.join(
            wish(session.merge(scene.instrument), minutes=minutes), by=session.merge(person), at=AT
        )
    session.commit()
    assert statements() == one <= 4
