"""Weekly opening hours as people write them: `08:30-12:00, 13:30-24:00`."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DAY_MINUTES = 24 * 60


class UnreadableHours(ValueError):
    """The text is no list of spans, or a span ends before it starts or runs into another."""


def spans_of(text: str) -> list[str]:
    """The spans of a day in order, as `HH:MM-HH:MM`; none for an empty text (closed all day).

    Takes any dash, comma and width of digits. Raises UnreadableHours.
    """
    plain = re.sub(r"[‐-―−~〜]", "-", unicodedata.normalize("NFKC", text))
    parts = [re.sub(r"\s", "", part) for part in re.split(r"[,،、;；]", plain)]
    spans = sorted(_minutes_of(part) for part in parts if part)
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise UnreadableHours(text)
    return [f"{_clock(start)}-{_clock(end)}" for start, end in spans]


def _minutes_of(span: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise UnreadableHours(span)
    first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
    start, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    if max(first_minute, last_minute) > 59 or not start < end <= _DAY_MINUTES:
        raise UnreadableHours(span)
    return start, end


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
