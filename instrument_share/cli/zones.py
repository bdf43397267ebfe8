"""`instrument-share check-zones`: which bookings stand at another wall time since zone data changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from .database import with_current_schema

if TYPE_CHECKING:
    from ..booking.clock_changes import WallSlot
    from ..booking.clock_check import Moved

_NAMES: dict[str, Any] = {"multiple": True, "metavar": "REFERENCE"}


@click.command("check-zones")
@click.option("--json", "as_json", is_flag=True, help="Print what was found and done as JSON.")
@click.option("--apply", "apply", **_NAMES, help="Move this booking so that its wall time stays.")
@click.option("--apply-all", is_flag=True, help="Move every booking that moved.")
@click.option(
    "--keep", "keep", **_NAMES, help="Leave this booking at its instant and at its new wall time."
)
@with_current_schema
def check_zones(
    as_json: bool, apply: tuple[str, ...], apply_all: bool, keep: tuple[str, ...]
) -> None:
    """List bookings to come that new zone data moved, and propose new times.

    Run it whenever zone data were renewed. Nothing is moved unless you say which. People are told of what is moved.
    Exit status 1 while something is at another wall time than it was made for.
    """
    from ..booking.clock_check import moved_bookings
    from ..booking.services.following import keep_instant, keep_wall_time
    from ..foundation.clock import now

    moved = sorted(moved_bookings(now()), key=_away_first)
    wanted = [each.reference for each in moved if apply_all or each.reference in apply]
    wanted += [reference for reference in apply if reference not in wanted]
    done = [*_done("kept", keep_instant, keep), *_done("moved", keep_wall_time, wanted)]
    left = moved_bookings(now())
    _print_json(left, done) if as_json else _print(left, done)
    sys.exit(1 if left or any(each["error"] for each in done) else 0)


def _done(
    what: str, service: Callable[..., object], references: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Each in a transaction of its own: one that cannot be moved stays and is told."""
    from ..foundation.clock import now
    from ..foundation.errors import DomainError, NotFound
    from ..foundation.transaction import perform

    for reference in references:
        error = None
        try:
            perform(service, reference, at=now())
        except NotFound as refusal:
            error = {"code": refusal.code, "message": "No booking has this reference."}
        except DomainError as refusal:
            error = {"code": refusal.code, "message": str(refusal.message)}
        yield {"reference": reference, "done": None if error else what, "error": error}


def _away_first(moved: Moved) -> float:
    """Those that make room for others first: the latest where they move later, else the earliest."""
    if moved.proposed is None:
        return 0
    start = moved.slot.start.timestamp()
    return -start if moved.proposed.start > moved.slot.start else start


def _print(left: list[Moved], done: list[dict[str, Any]]) -> None:
    for deed in done:
        click.echo(f"{deed['reference']}: {deed['done'] or deed['error']['message']}")
    for each in left:
        for line in _lines(each):
            click.echo(line)
    told = f"{len(left)} bookings are at another wall time than they were made for."
    click.echo(told if left else "Every booking is at the wall time that it was made for.")


def _lines(each: Moved) -> Iterator[str]:
    yield f"{each.reference}  {each.instrument}  {each.time_zone}  {each.state}"
    outside = ", which is outside the opening hours" if each.is_outside_hours else ""
    yield f"    made for   {_wall(each.made_for)}"
    yield f"    now shows  {_wall(each.now_show)}{outside}"
    if each.proposed is None:
        yield "    The clocks skip that time now: it has to be rescheduled by hand."
        return
    way = f"; in the way: {', '.join(each.in_the_way)}" if each.in_the_way else ""
    yield f"    proposed   {_utc(each.proposed.start)} to {_utc(each.proposed.end)}{way}"


def _print_json(left: list[Moved], done: list[dict[str, Any]]) -> None:
    click.echo(json.dumps({"moved": [_data(each) for each in left], "done": done}))


def _data(each: Moved) -> dict[str, Any]:
    slot, proposed = each.slot, each.proposed
    return {
        "reference": each.reference,
        "instrument": each.instrument,
        "time_zone": each.time_zone,
        "state": each.state,
        "starts_at": _utc(slot.start),
        "ends_at": _utc(slot.end),
        "made_for": [each.made_for.start.isoformat(), each.made_for.end.isoformat()],
        "now_shows": [each.now_show.start.isoformat(), each.now_show.end.isoformat()],
        "outside_opening_hours": each.is_outside_hours,
        "proposed": [_utc(proposed.start), _utc(proposed.end)] if proposed else None,
        "in_the_way": list(each.in_the_way),
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _wall(slot: WallSlot) -> str:
    return f"{slot.start:%Y-%m-%d %H:%M} to {slot.end:%Y-%m-%d %H:%M}"
