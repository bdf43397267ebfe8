"""Countries whose public holidays an instrument may keep, by their names in the reader's language."""

from __future__ import annotations

import re

from ..foundation.holidays import countries
from ..foundation.http.show import country

_IN_BRACKETS = re.compile(r"\(([\w-]+)\)$")


def territory_choices() -> list[str]:
    """The countries whose holidays are known, as one chooses them."""
    return sorted(map(territory_shown, countries()), key=str.casefold)


def territory_shown(code: str) -> str:
    """A territory as its field shows it: `Germany (DE-BY)`; nothing for none."""
    return f"{country(code.partition('-')[0])} ({code})" if code else ""


def territory_named(typed: str) -> str:
    """The code of what was chosen, or written: as it is shown, the name of a country alone, or the code alone."""
    words = typed.strip().casefold()
    chosen = next((each for each in countries() if country(each).casefold() == words), typed)
    code = _IN_BRACKETS.search(chosen.strip())
    return (code[1] if code else chosen).strip().upper()
