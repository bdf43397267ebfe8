"""The list of instruments that somebody manages: searched by name, narrowed by facility and status. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from marshmallow import fields, validate

from ..foundation.http.schema import FormSchema, Text
from ..foundation.localized import LocalizedText
from .models import Instrument
from .rules import InstrumentStatus


class ManagedQuery(FormSchema):
    """What the search form of the list asks for."""

    q = Text(most=200, load_default="")
    facility = Text(most=80, load_default="")
    status = fields.String(load_default="", validate=validate.OneOf(["", *InstrumentStatus]))


def fitting(instruments: Iterable[Instrument], asked: Mapping[str, str]) -> list[Instrument]:
    """Those that fit, in their order."""
    return [each for each in instruments if _fits(each, asked)]


def facilities_of(instruments: Iterable[Instrument]) -> dict[str, LocalizedText]:
    """The facilities of instruments, by slug."""
    return {each.facility.slug: each.facility.names for each in instruments}


def _fits(instrument: Instrument, asked: Mapping[str, str]) -> bool:
    return (
        asked["facility"] in ("", instrument.facility.slug)
        and asked["status"] in ("", instrument.status)
        and _is_called(instrument, asked["q"].casefold())
    )


def _is_called(instrument: Instrument, words: str) -> bool:
    """Whether all the words stand in its name or its facility's, in any language, or in its address."""
    names = [*instrument.names.values(), *instrument.facility.names.values(), instrument.slug]
    told = " ".join(names).casefold()
    return all(word in told for word in words.split())
