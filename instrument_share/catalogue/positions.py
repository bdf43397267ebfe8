"""The positions of an instrument, such as sample holders or hutches: bookings run side by side on them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from ..foundation.errors import InvalidInput
from ..foundation.http import show
from ..foundation.localized import LocalizedText
from .models import Instrument

LONGEST_NAME = 120
#: How a form says that a position before others has no name.
_NO_NAME = "-"


def position_name(instrument: Instrument, place: int) -> str:
    """What a position is called in the reader's language; one without a name is numbered."""
    return name_in_words(names_at(instrument, place), place)


def name_in_words(names: LocalizedText, place: int) -> str:
    """The name in the reader's language, or the number where there is none."""
    return show.localized(names) or gettext("Position %(number)s", number=show.number(place))


def names_at(instrument: Instrument, place: int) -> LocalizedText:
    """What a position is called, by language; nothing where it has no name."""
    names = instrument.position_names
    return names[place - 1] if place <= len(names) else {}


def positions_of(instrument: Instrument) -> list[tuple[int, str]]:
    """Every position by its place, from 1 on, and what it is called."""
    return [
        (place, position_name(instrument, place)) for place in range(1, instrument.positions + 1)
    ]


def lines_of(instrument: Instrument, tag: str) -> str:
    """The names in one language as the form shows them: a line for each position, a dash where it has none."""
    lines = [names.get(tag) or _NO_NAME for names in instrument.position_names]
    return "\n".join(lines) if set(lines) - {_NO_NAME} else ""


def names_from(lines: Mapping[str, str], positions: int) -> list[LocalizedText]:
    """The names by place from the lines of each language (by tag). Raises InvalidInput by `positions-<tag>`."""
    typed = {tag: [line.strip() for line in text.splitlines()] for tag, text in lines.items()}
    faults = {f"positions-{tag}": _fault(names, positions) for tag, names in typed.items()}
    wrong = {field: fault for field, fault in faults.items() if fault}
    if wrong:
        raise InvalidInput(fields=wrong)
    longest = max(map(len, typed.values()), default=0)
    return [
        {tag: names[place] for tag, names in typed.items() if _is_named(names, place)}
        for place in range(longest)
    ]


def _is_named(names: list[str], place: int) -> bool:
    return place < len(names) and names[place] not in ("", _NO_NAME)


def _fault(names: list[str], positions: int) -> LazyString | None:
    if len(names) > positions:
        return lazy_gettext(
            "These are more names than the instrument has positions (%(number)s).", number=positions
        )
    if any(len(name) > LONGEST_NAME for name in names):
        return lazy_gettext("Write at most %(most)s characters in a line.", most=LONGEST_NAME)
    return None
