"""The form of one's wishes, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, lazy_gettext
from marshmallow import fields, post_load, pre_load, validate

from ...foundation.errors import InvalidInput
from ...foundation.http.schema import FormSchema, WallTime, load
from .rules import Group, Pace, Quiet, Wishes

GROUPS: Mapping[Group, tuple[LazyString, LazyString]] = {
    Group.BOOKINGS: (
        lazy_gettext("Your bookings"),
        lazy_gettext("Received, confirmed, changed, reminded of."),
    ),
    Group.CONVERSATIONS: (
        lazy_gettext("Conversations"),
        lazy_gettext("What others write on bookings that concern you."),
    ),
    Group.DECISIONS: (
        lazy_gettext("Decisions"),
        lazy_gettext("Requests that wait for you, and reminders of them."),
    ),
    Group.OPERATIONS: (
        lazy_gettext("Running instruments"),
        lazy_gettext("Who is expected and who does not come."),
    ),
    Group.FREED_TIME: (
        lazy_gettext("Freed time"),
        lazy_gettext("Time that came free on instruments that you watch."),
    ),
    Group.OTHER: (
        lazy_gettext("Everything else"),
        lazy_gettext("News of agreements, institutions and projects."),
    ),
}
PACES: Mapping[Pace, LazyString] = {
    Pace.SINGLE: lazy_gettext("At once"),
    Pace.DAILY: lazy_gettext("In one mail a day"),
    Pace.WEEKLY: lazy_gettext("In one mail a week"),
    Pace.NONE: lazy_gettext("Only on the site"),
}
_CHOOSE = lazy_gettext("Choose one of the list.")


class WishesForm(FormSchema):
    """The page's form; fields that it does not know are left out."""

    hour = fields.Integer(
        load_default=8,
        validate=validate.Range(0, 23, error=_CHOOSE),
        error_messages={"invalid": _CHOOSE},
    )
    weekday = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 6, error=_CHOOSE),
        error_messages={"invalid": _CHOOSE},
    )
    quiet_from = WallTime(load_default=None)
    quiet_until = WallTime(load_default=None)

    @pre_load
    def _without_empty(self, form: Mapping[str, str], **_: Any) -> dict[str, str]:
        return {name: value for name, value in form.items() if value}

    @post_load
    def _together(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        start, end = said["quiet_from"], said["quiet_until"]
        if (start is None) != (end is None):
            missing = "quiet_until" if end is None else "quiet_from"
            raise InvalidInput(fields={missing: lazy_gettext("Give both times, or none.")})
        if start is not None and start == end:
            raise InvalidInput(
                fields={"quiet_until": lazy_gettext("Choose another end than the start.")}
            )
        return said


def wishes_from(form: Mapping[str, str]) -> Wishes:
    """What the form says. Raises InvalidInput."""
    said = load(WishesForm(), form)
    wrong = {
        str(group): _CHOOSE for group in Group if form.get(group, Pace.SINGLE) not in set(Pace)
    }
    if wrong:
        raise InvalidInput(fields=wrong)
    start, end = said["quiet_from"], said["quiet_until"]
    return Wishes(
        paces={group: form.get(group, Pace.SINGLE) for group in Group},
        hour=said["hour"],
        weekday=said["weekday"],
        quiet=Quiet(start, end) if start is not None else None,
    )


def form_of(wishes: Wishes) -> dict[str, str]:
    """The form as it is opened."""
    quiet = wishes.quiet
    return {group: wishes.paces.get(group, Pace.SINGLE) for group in Group} | {
        "hour": str(wishes.hour),
        "weekday": str(wishes.weekday),
        "quiet_from": f"{quiet.start:%H:%M}" if quiet else "",
        "quiet_until": f"{quiet.end:%H:%M}" if quiet else "",
    }
