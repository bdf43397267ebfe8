"""Wall times that people type, and the instants that they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.sample_form import sample_rows
from instrument_share.booking.slot_form import form_errors
from instrument_share.booking.wall_time import filled_in, instant
from instrument_share.foundation.localtime import AmbiguousTime, NonexistentTime

ZONES = (
    "Asia/Shanghai",
    "Asia/Almaty",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Europe/Berlin",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
)
INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def typed_instant(form: dict[str, str], edge: str, zone_name: str) -> datetime:
    day = (form["ends_on"] or form["day"]) if edge == "end" else form["day"]
    wall = datetime.fromisoformat(f"{day}T{form[edge]}")
    return instant(wall, zone_name, form[f"{edge}_fold"])


@given(INSTANTS, st.integers(1, 3000), st.sampled_from(ZONES))
def test_what_a_form_is_filled_in_with_means_the_same_slot(start, minutes, zone_name) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    form = filled_in(start, end, zone_name)
    assert typed_instant(form, "start", zone_name) == start
    assert typed_instant(form, "end", zone_name) == end


def test_a_skipped_time_is_refused_whatever_is_chosen() -> None:
    for fold in ("", "first", "second"):
        with pytest.raises(NonexistentTime):
            instant(datetime(2026, 3, 29, 2, 30), "Europe/Berlin", fold)


def test_a_time_that_comes_twice_needs_a_choice() -> None:
    wall = datetime(2026, 10, 25, 2, 30)
    with pytest.raises(AmbiguousTime):
        instant(wall, "Europe/Berlin")
    first, second = (instant(wall, "Europe/Berlin", fold) for fold in ("first", "second"))
    assert second - first == timedelta(hours=1)


def test_a_choice_that_is_not_needed_changes_nothing() -> None:
    wall = datetime(2026, 10, 26, 2, 30)
    assert instant(wall, "Europe/Berlin", "second") == instant(wall, "Europe/Berlin")


def test_empty_rows_of_samples_are_dropped_and_the_others_keep_their_order() -> None:
    form = {
        "samples-4-name": "last",
        "samples-0-count": "7",
        "samples-0-afterwards": "return",
        "samples-2-hazard": "toxic",
        "samples-x-name": "no row",
        "samples-1-name": "  ",
    }
    assert sample_rows(form) == [{"hazard": "toxic"}, {"name": "last"}]


def test_complaints_of_services_find_their_fields() -> None:
    told = {"starts_at": "a", "ended_at": "b", "samples.2.count": "c", "purpose": "d"}
    assert form_errors(told) == {"start": "a", "end": "b", "samples-2-count": "c", "purpose": "d"}
