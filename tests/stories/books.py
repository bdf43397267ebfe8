"""Where a use must stand when all is done, and that the books agree to the minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from icalendar import Calendar

from tests.support.api import ApiCaller


@dataclass(frozen=True)
class Use:
    """A finished use: of which booking, and when it really was."""

    reference: str
    started_at: datetime
    ended_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds() // 60)


def used_minutes(programme: ApiCaller, year: int) -> int:
    """The contribution report's figure for a year."""
    report = programme.get("/api/v1/reports/contribution", year=year).json
    return int(report["totals"]["used_minutes"])


def check_books(
    uses: Sequence[Use], programme: ApiCaller, researcher: ApiCaller, used_before: int
) -> None:
    """Usage records, statement lines, contribution report and calendar tell the same minutes."""
    events = _events(researcher)
    for use in uses:
        (record,) = programme.get("/api/v1/usage", booking=use.reference).json["items"]
        assert record["minutes"] == use.minutes
        assert statement_line(programme, use.reference)["minutes"] == use.minutes
        (event,) = (event for event in events if use.reference in event.to_ical().decode())
        assert (event.start, event.end) == (use.started_at, use.ended_at)
    year = uses[0].started_at.year
    assert used_minutes(programme, year) - used_before == sum(use.minutes for use in uses)


def statement_line(programme: ApiCaller, reference: str) -> dict[str, Any]:
    """The line of instrument time that bills a booking, with the `number` of the statement it stands on."""
    listed = programme.get("/api/v1/statements", page_size=200).json["items"]
    details = (programme.get(f"/api/v1/statements/{row['number']}").json for row in listed)
    lines = [
        line | {"number": detail["number"]}
        for detail in details
        for line in detail["lines"]
        if line["booking"] == reference and line["unit"] == "instrument_hour"
    ]
    assert len(lines) == 1, f"{reference} stands on {len(lines)} statement lines"
    return dict(lines[0])


def _events(researcher: ApiCaller) -> list[Any]:
    """The events of the researcher's private calendar."""
    feed = researcher.get(researcher.get("/api/v1/account").json["calendar_url"])
    assert feed.status == 200
    return list(Calendar.from_ical(feed.body).walk("VEVENT"))
