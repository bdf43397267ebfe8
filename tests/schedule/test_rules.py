"""What feeds reach back to, their validators and secret addresses, and when positions are all taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.foundation.interval import Interval
from instrument_share.schedule.rules import (
    CANCELLED_KEPT,
    HISTORY,
    Secret,
    etag_of,
    fully_taken,
    is_token_of,
    modified_at,
    person_id_in,
    public_uid_of,
    token_of,
    window_at,
)

KEY, OWN = "k" * 32, Secret.OWN
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)
)


def hours(start: int, end: int) -> Interval:
    return Interval(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


@given(moments)
def test_a_window_reaches_back_far_enough_and_begins_on_a_monday(at):
    window = window_at(at)
    assert window.week <= at < window.week + timedelta(days=7)
    assert window.week.weekday() == 0
    assert window.since <= at - HISTORY
    assert window.cancelled_since <= at - CANCELLED_KEPT


def test_a_validator_changes_with_everything_that_changes_the_text():
    window, later = window_at(MONDAY), window_at(MONDAY + timedelta(days=7))
    minutes = lambda count: window_at(MONDAY, alarm=timedelta(minutes=count))  # noqa: E731
    tags = {
        etag_of("instrument:1", 1, window, "en"),
        etag_of("instrument:1", 2, window, "en"),
        etag_of("instrument:11", 1, window, "en"),
        etag_of("instrument:1", 1, later, "en"),
        etag_of("instrument:1", 1, window, "ar"),
        etag_of("instrument:1", 1, minutes(0), "en"),
        etag_of("instrument:1", 1, minutes(30), "en"),
        etag_of("instrument:1", 1, window_at(MONDAY, timedelta(days=30)), "en"),
        etag_of("person:1", 1, window, "en"),
    }
    assert len(tags) == 9
    assert etag_of("instrument:1", 1, window_at(MONDAY + timedelta(days=6)), "en") in tags


def test_a_feed_changes_when_its_window_moves():
    window = window_at(MONDAY)
    assert modified_at(None, window) == MONDAY
    assert modified_at(MONDAY - timedelta(days=9), window) == MONDAY
    assert modified_at(MONDAY + timedelta(hours=9), window) == MONDAY + timedelta(hours=9)


def test_a_token_opens_one_persons_feed_until_it_is_revoked():
    token = token_of(KEY, OWN, 17, 1)
    assert person_id_in(token) == 17
    assert is_token_of(token, KEY, OWN, 17, 1)
    assert not is_token_of(token, KEY, OWN, 17, 2)
    assert not is_token_of(token, KEY, Secret.QUEUE, 17, 1)
    assert not is_token_of(token.replace("17-", "18-"), KEY, OWN, 18, 1)
    assert not is_token_of(token, "other" * 8, OWN, 17, 1)
    assert len(token.partition("-")[2]) == 43  # 256 bits


@pytest.mark.parametrize("text", ["", "not-a-real-secret", "-", "٣-x", "9" * 40, "1e3-x", " 1-x"])
def test_what_is_no_token_names_nobody(text):
    assert person_id_in(text) is None


def test_a_token_with_strange_letters_is_only_wrong():
    assert not is_token_of("17-ключ", KEY, OWN, 17, 1)


def test_public_uids_are_stable_and_differ():
    assert public_uid_of(KEY, "booking", "BK-1") == public_uid_of(KEY, "booking", "BK-1")
    assert public_uid_of(KEY, "booking", "BK-1") != public_uid_of(KEY, "closure", "BK-1")
    assert "BK-1" not in public_uid_of(KEY, "booking", "BK-1")
    uid = UUID(public_uid_of(KEY, "booking", "BK-1"))
    assert (uid.version, uid.variant) == (5, RFC_4122)


def test_time_is_taken_when_all_positions_are():
    slots = [hours(0, 4), hours(2, 6), hours(6, 8), hours(7, 9)]
    assert fully_taken(slots, 1) == [hours(0, 9)]
    assert fully_taken(slots, 2) == [hours(2, 4), hours(7, 8)]
    assert fully_taken(slots, 3) == []
    assert fully_taken([], 1) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda s: hours(s[0], s[0] + s[1]))
    ),
    st.integers(1, 3),
)
def test_full_hours_are_those_with_enough_slots(slots, positions):
    full = fully_taken(slots, positions)
    for hour in range(50):
        count = sum(slot.contains(hours(hour, hour + 1)) for slot in slots)
        assert (count >= positions) == any(it.contains(hours(hour, hour + 1)) for it in full)
