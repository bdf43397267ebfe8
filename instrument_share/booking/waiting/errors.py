"""What the waiting list refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class WaitingListFull(Refusal):
    """The person has as many live entries as anybody may have."""

    code = "too_many_entries"
    status = 409
    message = lazy_gettext(
        "You are on the waiting list in as many places as you can be. Leave one of them first."
    )


class AlreadyWaiting(Refusal):
    """The person waits for the same thing already."""

    code = "already_waiting"
    status = 409
    message = lazy_gettext("You are on the waiting list for this already.")


class NothingOffered(Refusal):
    """There is no offer that could be answered."""

    code = "nothing_offered"
    status = 409
    message = lazy_gettext("Nothing is offered to you here at the moment.")


class NotWaiting(Refusal):
    """The entry is no longer on the list."""

    code = "not_waiting"
    status = 409
    message = lazy_gettext("You are no longer on the waiting list for this.")
