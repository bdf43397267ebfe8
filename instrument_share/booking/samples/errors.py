"""What the way of a sample refuses, with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class WrongStep(Refusal):
    code = "wrong_step"
    message = lazy_gettext("The sample is at another point of its way. Look at it again.")
