"""Weekly hours as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.catalogue.opening import UnreadableHours, spans_of


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", []),
        ("  ", []),
        ("08:30-18:00", ["08:30-18:00"]),
        ("8:30 – 12:00, 13:30—24:00", ["08:30-12:00", "13:30-24:00"]),
        ("13:00-14:00,08:00-09:00", ["08:00-09:00", "13:00-14:00"]),
        ("０８：３０－１２：００、１３：００－１４：００", ["08:30-12:00", "13:00-14:00"]),
        ("08:30-12:00، 13:00-14:00", ["08:30-12:00", "13:00-14:00"]),
        ("00:00-24:00", ["00:00-24:00"]),
        ("08:00-12:00,12:00-13:00", ["08:00-12:00", "12:00-13:00"]),
    ],
)
def test_hours_are_read(typed: str, spans: list[str]) -> None:
    assert spans_of(typed) == spans


@pytest.mark.parametrize(
    "typed",
    ["8-12", "08:30", "18:00-08:00", "08:00-08:00", "08:60-09:00", "23:00-24:01", "25:00-26:00",
     "08:00-10:00,09:00-11:00", "closed", "08:00-09:00-10:00"],
)  # fmt: skip
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableHours):
        spans_of(typed)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted))
def test_what_is_written_is_read_again(bounds: list[int]) -> None:
    def clock(minutes: int) -> str:
        return f"{minutes // 60:02}:{minutes % 60:02}"

    spans = [f"{clock(a)}-{clock(b)}" for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    assert spans_of(", ".join(reversed(spans))) == spans
