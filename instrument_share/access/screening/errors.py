"""What screening refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class WrongScreeningState(Refusal):
    """The screening's state does not allow this decision."""

    code = "wrong_state"
    message = lazy_gettext("This was decided meanwhile. Look at it again.")
