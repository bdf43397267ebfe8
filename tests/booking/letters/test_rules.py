"""Days of a visit, codes of letters, and the words of each language."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.letters.rules import LANGUAGES, grouped, new_code, typed_code
from instrument_share.booking.letters.texts import TEXTS
from instrument_share.booking.visits.rules import DayFault, VisitorRole, fault_of_days, initials_of
from instrument_share.foundation.interval import Interval
from tests.support.builders import AT


def test_days_are_those_of_the_instrument_and_lie_around_the_booking():
    slot = Interval(AT.replace(hour=15), AT.replace(hour=17))  # 23:00 to 01:00 in Shanghai
    day = timedelta(days=1)
    second, third = date(2026, 3, 2), date(2026, 3, 3)
    cases = {
        (second, third): None,
        (second - 60 * day, third + 60 * day): None,
        (third, third): DayFault.AFTER_START,
        (second, second): DayFault.BEFORE_END,
        (third, second): DayFault.ORDER,
        (second - 61 * day, third): DayFault.TOO_EARLY,
        (second, third + 61 * day): DayFault.TOO_LATE,
    }
    for days, fault in cases.items():
        assert fault_of_days(*days, slot, "Asia/Shanghai") == fault, days


@given(st.text(max_size=60))
def test_a_code_is_read_as_people_type_it_and_nothing_else_is_one(noise):
    code = new_code()
    assert len(code) == 28
    assert typed_code(f" {grouped(code).lower()} ") == code
    assert typed_code(grouped(code).replace("1", "l").replace("0", "o")) == code
    assert typed_code(code + noise) in (None, code)
    assert typed_code(noise) is None or len(noise) >= 28


def test_initials_and_every_language_has_every_word():
    assert initials_of("Aigerim  Nur-Bek al-X") == "A. N. A."
    for languages in LANGUAGES:
        for tag in languages.split("+"):
            assert set(TEXTS[tag].roles) == set(VisitorRole)
