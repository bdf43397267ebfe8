"""/help: what this is, how to book, what states and errors mean. The tables come from the code itself."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, render_template

from ..booking.errors import SLOT_ADVICE
from ..booking.labels import STATES
from ..foundation.errors import DomainError, Text

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> str:
    return render_template("help.html", states=STATES, refusals=sorted(error_codes().items()))


def error_codes() -> dict[str, Text]:
    """What every `code` of a refusal means, for the address `/help#error-<code>` that problems name."""
    codes = {error.code: error.message for error in _subclasses_of(DomainError)}
    return codes | {fault.value: advice for fault, (_, advice) in SLOT_ADVICE.items()}


def _subclasses_of(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for subclass in kind.__subclasses__():
        yield from _subclasses_of(subclass)
        yield subclass
