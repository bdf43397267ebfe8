"""Where a use must stand when all is done, and that the books agree to the minute."""

from __future__ import annotations

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


def check_books(use: Use, programme: ApiCaller, researcher: ApiCaller, used_before: int) -> None:
    """Usage record, statement line, contribution report and calendar tell the same minutes."""
    (record,) = programme.get("/api/v1/usage", booking=use.reference).json["items"]
    assert record["minutes"] == use.minutes
    line = _statement_line(programme, use)
    assert line["minutes"] == use.minutes
    assert used_minutes(programme, use.started_at.year) - used_before == use.minutes
    event = _event(researcher, use)
    assert (event.start, event.end) == (use.started_at, use.ended_at)
    assert int((event.end - event.start).total_seconds() // 60) == use.minutes


def _statement_line(programme: ApiCaller, use: Use) -> dict[str, Any]:
    """The line of instrument time that bills the use, on whichever statement it stands."""
    listed = programme.get("/api/v1/statements", page_size=200).json["items"]
    details = (programme.get(f"/api/v1/statements/{row['number']}").json for row in listed)
    lines = [
        line
        for detail in details
        for line in detail["lines"]
        if line["booking"] == use.reference and line["unit"] == "instrument_hour"
    ]
    assert len(lines) == 1, f"{use.reference} stands on {len(lines)} statement lines"
    return dict(lines[0])


def _event(researcher: ApiCaller, use: Use) -> Any:
    """The booking's event in the researcher's private calendar."""
    feed = researcher.get(researcher.get("/api/v1/account").json["calendar_url"])
    assert feed.status == 200
    events = Calendar.from_ical(feed.body).walk("VEVENT")
    found = [event for event in events if use.reference in str(event["UID"]) + str(event)]
    assert len(found) == 1
    return found[0]
