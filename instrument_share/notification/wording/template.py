"""What every message says: one subject, one sentence, what comes next, and the button that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext


@dataclass(frozen=True, slots=True)
class Words:
    """A message in the language of the moment."""

    subject: str
    sentence: str
    next_step: str
    button: str


_OPEN = lazy_gettext("Open the booking")


@dataclass(frozen=True, slots=True)
class Template:
    """The same with names left open, as in `%(instrument)s`."""

    subject: LazyString
    sentence: LazyString
    next_step: LazyString
    button: LazyString = _OPEN

    def filled(self, values: Mapping[str, str]) -> Words:
        parts = (self.subject, self.sentence, self.next_step, self.button)
        return Words(*(str(part) % values for part in parts))
