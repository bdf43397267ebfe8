"""A letter as PDF: one column for each of its languages, the visitors once, and how to check it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time

from ...foundation.clock import zone
from ...foundation.documents import typeset
from ...foundation.documents.qr import qr_svg
from ...foundation.languages import DEFAULT
from ...foundation.localized import in_language
from .models import Letter
from .rules import grouped
from .texts import TEXTS, LetterText

_TEMPLATE = Path(__file__).with_name("letter.typ")


def pages(letter: Letter) -> bytes:
    """The letter's PDF; equal letters make equal bytes."""
    return typeset.written(_TEMPLATE, content_of(letter.snapshot, letter.code), DEFAULT)


def content_of(snapshot: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Every text of the PDF."""
    tags = snapshot["languages"].split("+")
    return {
        "title": f"{TEXTS[tags[-1]].title} {snapshot['number']}",
        "columns": [_column(tag, snapshot) for tag in _side_by_side(tags)],
        "heads": _heads(tags),
        "visitors": [_row(visitor, tags) for visitor in snapshot["visitors"]],
        "number": snapshot["number"],
        "issued_by": snapshot["issued_by"],
        "code": grouped(code),
        "address": snapshot["verify_at"],
        "qr": qr_svg(f"{snapshot['verify_at']}?code={code}"),
    }


def printed_texts(snapshot: Mapping[str, Any]) -> list[str]:
    """What people have typed and the letter prints: all of it must be in the fonts."""
    tags = snapshot["languages"].split("+")
    named = [
        snapshot["host"]["names"], *(snapshot[name] for name in ("facility", "place", "instrument")),
    ]  # fmt: skip
    typed = [in_language(names, tag) for names in (*named, snapshot["agreement"]) for tag in tags]
    visitors = [
        visitor[name]
        for visitor in snapshot["visitors"]
        for name in ("name", "latin_name", "institution")
    ]
    return [*typed, *visitors, snapshot["issued_by"]]


def _column(tag: str, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    text, filled = TEXTS[tag], _filled(tag, snapshot)
    parts = [text.addressee, text.invitation, text.work, text.time]
    if snapshot["agreement"]:
        parts.append(text.agreement)
    return {
        "language": tag.split("-", maxsplit=1)[0],
        "direction": text.direction,
        "host": filled["host"],
        "place": text.comma.join(filter(None, (filled["place"], filled["country"]))),
        "title": text.title,
        "facts": [
            [text.number, snapshot["number"]],
            [text.issued_on, _day(snapshot["issued_on"], text)],
        ],
        "paragraphs": [part.format(**filled) for part in (*parts, text.limits, text.contact)],
        "issuer": text.issuer.format(**filled),
        "signature": text.signature,
        "seal": text.seal,
        "check": text.check,
    }


def _side_by_side(tags: list[str]) -> list[str]:
    """From left to right: what is written from right to left stands on the right."""
    return sorted(tags, key=lambda tag: TEXTS[tag].direction == "rtl")


def _filled(tag: str, snapshot: Mapping[str, Any]) -> dict[str, str]:
    text = TEXTS[tag]
    return {
        "host": in_language(snapshot["host"]["names"], tag),
        "country": _country(snapshot["host"]["country"], tag),
        "facility": in_language(snapshot["facility"], tag),
        "place": in_language(snapshot["place"], tag),
        "instrument": in_language(snapshot["instrument"], tag),
        "agreement": in_language(snapshot["agreement"], tag),
        "reference": _isolated(snapshot["reference"]),
        "arrives": _day(snapshot["arrives_on"], text),
        "departs": _day(snapshot["departs_on"], text),
        "slot": _slot(snapshot, text),
        "zone": _isolated(_offset(snapshot)),
    }


def _heads(tags: list[str]) -> list[list[dict[str, str]]]:
    """For every column of the table its head in each language."""
    texts = [(tag, TEXTS[tag]) for tag in tags]
    return [
        [{"text": text.columns[at], "direction": text.direction} for _, text in texts]
        for at in range(4)
    ]


def _row(visitor: Mapping[str, str], tags: list[str]) -> dict[str, Any]:
    names = [visitor["latin_name"]]
    if visitor["name"] != visitor["latin_name"]:
        names.insert(0, visitor["name"])
    return {
        "names": names,
        "country": [_country(visitor["country"], tag) for tag in tags],
        "institution": visitor["institution"],
        "role": [TEXTS[tag].roles[visitor["role"]] for tag in tags],
    }


def _country(code: str, tag: str) -> str:
    return str(Locale.parse(TEXTS[tag].locale).territories.get(code, code))


def _day(iso: str, text: LetterText) -> str:
    return str(format_date(date.fromisoformat(iso), "long", locale=text.locale))


def _slot(snapshot: Mapping[str, Any], text: LetterText) -> str:
    """The booked time on the instrument's clock, in the manner of the language."""
    local = zone(snapshot["time_zone"])
    start, end = (
        datetime.fromisoformat(snapshot[edge]).astimezone(local)
        for edge in ("starts_at", "ends_at")
    )
    first, last = (
        f"{format_date(each, 'long', locale=text.locale)} "
        f"{format_time(each, 'HH:mm', locale=text.locale)}"
        for each in (start, end)
    )
    if start.date() == end.date():
        last = format_time(end, "HH:mm", locale=text.locale)
    return f"{first} – {last}"


def _offset(snapshot: Mapping[str, Any]) -> str:
    start = datetime.fromisoformat(snapshot["starts_at"]).astimezone(zone(snapshot["time_zone"]))
    shown = start.strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:]}"


def _isolated(text: str) -> str:
    """Left to right, whatever stands around it (Unicode UAX #9: LRI … PDI)."""
    return f"\u2066{text}\u2069"
