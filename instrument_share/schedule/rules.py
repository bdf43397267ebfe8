"""What a feed shows, under which address, and when it counts as changed. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ..foundation.interval import Interval, union

#: How far feeds look back, and how long they still tell that something was called off.
HISTORY, CANCELLED_KEPT = timedelta(weeks=13), timedelta(days=30)
#: How far feeds look ahead for closures.
AHEAD = timedelta(days=2 * 366)
#: The longest window for which free and busy time is told at once.
LONGEST_FREE_BUSY = timedelta(days=366)
#: Raised when the text of feeds changes without their contents changing.
_FORM = 1


@dataclass(frozen=True, slots=True)
class FeedWindow:
    """What a feed reaches back to. It moves on Mondays (UTC), so that the days between share an
    ETag.
    """

    since: datetime
    cancelled_since: datetime

    @property
    def week(self) -> datetime:
        """The Monday on which the window last moved."""
        return self.since + HISTORY


def window_at(at: datetime) -> FeedWindow:
    """The window of a feed at a moment; what was called off is kept at least CANCELLED_KEPT."""
    monday = _monday_of(at)
    return FeedWindow(monday - HISTORY, monday - CANCELLED_KEPT)


def etag_of(key: str, version: int, window: FeedWindow, language: str) -> str:
    """The strong validator of a feed: equal exactly when its bytes are (RFC 9110 section 8.8.1)."""
    return f"{key.replace(':', '')}-{version}-{window.week:%Y%m%d}-{language}-{_FORM}"


def modified_at(changed_at: datetime | None, window: FeedWindow) -> datetime:
    """When the feed's text last became another one."""
    return max(changed_at, window.week) if changed_at else window.week


def shares_of(window: Interval, slot: Interval) -> tuple[int, int]:
    """Where a slot lies in the window it overlaps: start and width in thousandths, at least one
    wide.
    """
    part = slot.clipped(window) or slot
    start = (part.start - window.start) * 1000 // window.duration
    end = (part.end - window.start) * 1000 // window.duration
    return start, max(1, end - start)


def fully_taken(slots: Iterable[Interval], positions: int) -> list[Interval]:
    """When every one of the positions that run side by side is taken, as sorted disjoint
    intervals.
    """
    changes = sorted(
        change for slot in slots for change in ((slot.start, 1), (slot.end, -1))
    )  # an end sorts before a start at the same instant
    taken, full, since = 0, [], None
    for moment, change in changes:
        taken += change
        if taken >= positions and since is None:
            since = moment
        elif taken < positions and since is not None:
            full += [Interval(since, moment)] if since < moment else []
            since = None
    return union(full)


def token_of(secret_key: str, person_id: int, serial: int) -> str:
    """The secret part of a person's address: the id, and 256 bits that only this installation
    can make.
    """
    digest = _digest(secret_key, f"calendar:{person_id}:{serial}")
    return f"{person_id}-{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def person_id_in(token: str) -> int | None:
    """Whose address a token claims to be."""
    digits = token.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def is_token_of(token: str, secret_key: str, person_id: int, serial: int) -> bool:
    """Whether the token is the one that opens the person's feed now. Takes the same time either
    way.
    """
    return hmac.compare_digest(token.encode(), token_of(secret_key, person_id, serial).encode())


def public_uid_of(secret_key: str, kind: str, name: str) -> str:
    """A stable UID from which nothing can be told that the public must not know."""
    return str(UUID(bytes=_digest(secret_key, f"uid:{kind}:{name}")[:16], version=5))


def _digest(secret_key: str, text: str) -> bytes:
    return hmac.digest(secret_key.encode(), text.encode(), hashlib.sha256)


def _monday_of(at: datetime) -> datetime:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())
