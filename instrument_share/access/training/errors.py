"""What training refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class SessionOver(Refusal):
    """The session has begun, was held, or was cancelled: places change no more."""

    code = "session_over"
    message = lazy_gettext("This training can no longer be joined or left. Look for another one.")


class SessionToCome(Refusal):
    """Nobody can be marked before the session has begun."""

    code = "session_to_come"
    message = lazy_gettext("The training has not begun yet. Mark who passed when it is over.")


class MailUnproved(Refusal):
    """A place is given to people whom its mail reaches."""

    code = "mail_unproved"
    status = 403
    message = lazy_gettext("Confirm your e-mail address first: open the link that we sent you.")
