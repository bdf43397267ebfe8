"""Feeds as calendar programs read them."""

from __future__ import annotations

from datetime import UTC

import icalendar
import vobject

from instrument_share.identity.models import Person
from instrument_share.schedule.addresses import calendar_url


def private_path(person: Person) -> str:
    return "/" + calendar_url(person).split("/", 3)[3]


def read(client, path):
    """The feed by icalendar, after both libraries have found the same events in it."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    assert answer.content_encoding is None
    calendar = icalendar.Calendar.from_ical(answer.data)
    other = vobject.readOne(answer.text)
    theirs = {
        (event.uid.value, event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC))
        for event in other.contents.get("vevent", [])
    }
    assert theirs == {(str(e["UID"]), *slot_of(e)) for e in calendar.events}
    return calendar


def slot_of(event):
    return event.start.astimezone(UTC), event.end.astimezone(UTC)
