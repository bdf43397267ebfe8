"""Where on an instrument somebody wants to be, as forms say it: `any`, `whole`, or the number of a position."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
from marshmallow import fields, validate

from ..catalogue.models import Instrument
from ..catalogue.positions import positions_of
from ..foundation.http.schema import FormSchema, load
from .rules import Seat


class SeatForm(FormSchema):
    """The choice of a position."""

    position = fields.String(
        load_default="any",
        validate=validate.Regexp(
            r"(any|whole|[1-9][0-9]?)\Z", error=lazy_gettext("Choose a position.")
        ),
    )


def seat_choices(instrument: Instrument) -> list[tuple[str, str]]:
    """What can be chosen on an instrument; nothing where there is no choice."""
    if instrument.positions == 1:
        return []
    return [
        ("any", gettext("Any position that is free")),
        *((str(place), name) for place, name in positions_of(instrument)),
        ("whole", gettext("The whole instrument, all positions")),
    ]


def seat_of(form: Mapping[str, str]) -> Seat | None:
    """What was chosen; None where the form does not ask. Raises InvalidInput."""
    if not form.get("position"):
        return None
    return seat_named(load(SeatForm(), form)["position"])


def seat_named(code: str) -> Seat:
    if code == "whole":
        return Seat(whole=True)
    return Seat() if code == "any" else Seat(int(code))


def seat_code(seat: Seat) -> str:
    """The seat as the choice names it."""
    return "whole" if seat.whole else str(seat.position or "any")
