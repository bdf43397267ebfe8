"""Wall times in forms: what a slot looks like on a clock, and which of two like times somebody means."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import LazyString, gettext, lazy_gettext

from ..foundation.clock import zone
from ..foundation.http import show
from ..foundation.localtime import AmbiguousTime, NonexistentTime, instant_of

#: What to do about a local time that is not one instant.
ADVICE: dict[type[ValueError], LazyString] = {
    NonexistentTime: lazy_gettext(
        "The clocks go forward then, so this time does not exist on that day. Choose another one."
    ),
    AmbiguousTime: lazy_gettext(
        "The clocks go back then, so this time comes twice on that day. Choose which one you mean."
    ),
}


def instant(wall: datetime, zone_name: str, fold: str = "") -> datetime:
    """The UTC instant of a naive wall time; `fold` is `first` or `second` where it comes twice.

    Raises NonexistentTime, and AmbiguousTime where it comes twice and no `fold` was chosen.
    """
    try:
        return instant_of(wall, zone(zone_name))
    except AmbiguousTime:
        if not fold:
            raise
        return _chosen(wall, zone_name, fold)


def choices_of(wall: datetime, zone_name: str) -> list[tuple[str, str]]:
    """The two choices for a wall time that comes twice, each with its offset; else none."""
    if not _comes_twice(wall, zone_name):
        return []
    first, second = (
        show.zone_name(zone_name, _chosen(wall, zone_name, fold)) for fold in ("first", "second")
    )
    return [
        ("first", gettext("The first one, before the clocks go back: %(zone)s", zone=first)),
        ("second", gettext("The second one, after the clocks went back: %(zone)s", zone=second)),
    ]


def filled_in(starts_at: datetime, ends_at: datetime, zone_name: str) -> dict[str, str]:
    """The fields of `SlotForm` for a slot, on the clock of a zone."""
    start, end = (moment.astimezone(zone(zone_name)) for moment in (starts_at, ends_at))
    return {
        "day": start.date().isoformat(),
        "start": start.strftime("%H:%M"),
        "ends_on": end.date().isoformat() if end.date() != start.date() else "",
        "end": end.strftime("%H:%M"),
        "start_fold": _fold_of(start, zone_name),
        "end_fold": _fold_of(end, zone_name),
    }


def _chosen(wall: datetime, zone_name: str, fold: str) -> datetime:
    return wall.replace(tzinfo=zone(zone_name), fold=int(fold == "second")).astimezone(UTC)


def _comes_twice(wall: datetime, zone_name: str) -> bool:
    try:
        instant_of(wall, zone(zone_name))
    except AmbiguousTime:
        return True
    except NonexistentTime:
        return False
    return False


def _fold_of(local: datetime, zone_name: str) -> str:
    if not _comes_twice(local.replace(tzinfo=None, fold=0), zone_name):
        return ""
    return "second" if local.fold else "first"
