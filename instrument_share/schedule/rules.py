"""What a feed shows, under which address, and when it counts as changed. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ..foundation.interval import Interval, union

#: How far feeds look back where they are not asked, and at most.
HISTORY, LONGEST_HISTORY = timedelta(weeks=13), timedelta(days=366)
#: How long feeds still tell that something was called off.
CANCELLED_KEPT = timedelta(days=30)
#: The longest time before an event at which a feed can be asked to remind.
EARLIEST_ALARM = timedelta(days=7)
#: How far feeds look ahead for closures.
AHEAD = timedelta(days=2 * 366)
#: The longest window for which free and busy time is told at once.
LONGEST_FREE_BUSY = timedelta(days=366)
#: Raised when the text of feeds changes without their contents changing.
_FORM = 3


class Secret(StrEnum):
    """The feeds behind a secret address; also the first part of their calendar's key."""

    OWN = "person"  # the person's own bookings
    QUEUE = "queue"  # what waits for the person's decision


class View(StrEnum):
    """How much time the timeline shows."""

    DAY = "day"
    WEEK = "week"


#: What the secret parts of addresses are derived with, so that one never opens the other.
_SALT = {Secret.OWN: "calendar", Secret.QUEUE: "queue"}


@dataclass(frozen=True, slots=True)
class FeedWindow:
    """What a program sees of a feed: back to `past` ago, with reminders `alarm` before events.

    It moves on Mondays (UTC), so that the days between share an ETag: `week` is the Monday on which
    it last moved.
    """

    week: datetime
    past: timedelta = HISTORY
    alarm: timedelta | None = None

    @property
    def since(self) -> datetime:
        """The earliest start of what is shown: at least `past` ago."""
        return self.week - self.past

    @property
    def cancelled_since(self) -> datetime:
        """What was called off before this is told no longer."""
        return self.week - CANCELLED_KEPT

    @property
    def tag(self) -> str:
        """Its part of the validator: windows with different tags show different text."""
        alarm = "" if self.alarm is None else f"a{self.alarm // timedelta(minutes=1)}"
        return f"{self.week:%Y%m%d}p{self.past.days}{alarm}"


def window_at(
    at: datetime, past: timedelta = HISTORY, alarm: timedelta | None = None
) -> FeedWindow:
    """The window of a feed at a moment."""
    return FeedWindow(_monday_of(at), past, alarm)


def etag_of(key: str, version: int, window: FeedWindow, language: str) -> str:
    """The strong validator of a feed: equal exactly when its bytes are (RFC 9110 section 8.8.1)."""
    return f"{key.replace(':', '')}-{version}-{window.tag}-{language}-{_FORM}"


def modified_at(changed_at: datetime | None, window: FeedWindow) -> datetime:
    """When the feed's text last became another one."""
    return max(changed_at, window.week) if changed_at else window.week


def fully_taken(slots: Iterable[Interval], positions: int) -> list[Interval]:
    """When every one of the positions that run side by side is taken, as sorted disjoint intervals."""
    # An end sorts before a start at the same instant.
    changes = sorted(change for slot in slots for change in ((slot.start, 1), (slot.end, -1)))
    taken, full, since = 0, [], None
    for moment, change in changes:
        taken += change
        if taken >= positions and since is None:
            since = moment
        elif taken < positions and since is not None:
            full += [Interval(since, moment)] if since < moment else []
            since = None
    return union(full)


def token_of(secret_key: str, secret: Secret, person_id: int, serial: int) -> str:
    """The secret part of a person's address: the id, and 256 bits that only this installation can make."""
    digest = _digest(secret_key, f"{_SALT[secret]}:{person_id}:{serial}")
    return f"{person_id}-{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def person_id_in(token: str) -> int | None:
    """Whose address a token claims to be."""
    digits = token.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def is_token_of(token: str, secret_key: str, secret: Secret, person_id: int, serial: int) -> bool:
    """Whether the token is the one that opens the person's feed now. Takes the same time either way."""
    right = token_of(secret_key, secret, person_id, serial)
    return hmac.compare_digest(token.encode(), right.encode())


def public_uid_of(secret_key: str, kind: str, name: str) -> str:
    """A stable UID from which nothing can be told that the public must not know (a UUID of version
    5's form, RFC 9562).
    """
    digits = _digest(secret_key, f"uid:{kind}:{name}").hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def _digest(secret_key: str, text: str) -> bytes:
    return hmac.digest(secret_key.encode(), text.encode(), hashlib.sha256)


def _monday_of(at: datetime) -> datetime:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())
