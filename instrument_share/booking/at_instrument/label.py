"""The label to print and stick to an instrument: its name in every language, and the QR code of its address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import current_app

from ...catalogue.models import Instrument
from ...foundation.documents import typeset
from ...foundation.documents.qr import qr_svg
from ...foundation.languages import DEFAULT, LANGUAGES

_TEMPLATE = Path(__file__).with_name("label.typ")
#: What the label asks people to do, in every language at once: it hangs where all of them pass.
INVITATION: Mapping[str, str] = {
    "en": "Scan to start, to finish, or to report a fault",
    "zh-Hans": "扫码开始使用、结束使用或报告故障",
    "ar": "امسح الرمز لبدء الاستخدام أو إنهائه أو للإبلاغ عن عطل",
}


def address_of(instrument: Instrument) -> str:
    return f"{current_app.config['SETTINGS'].base_url}/at/{instrument.slug}"


def label_pages(instrument: Instrument) -> bytes:
    """The label as PDF, one page of A5."""
    address = address_of(instrument)
    names = [
        {"text": instrument.names[language.tag], "direction": language.direction}
        for language in LANGUAGES
        if instrument.names.get(language.tag)
    ]
    content = {
        "title": instrument.slug,
        "names": names,
        "facility": list(dict.fromkeys(instrument.facility.names.values()))[:2],
        "invitation": [
            {"text": INVITATION[language.tag], "direction": language.direction}
            for language in LANGUAGES
            if language.tag in INVITATION
        ],
        "address": address,
        "qr": qr_svg(address),
    }
    return typeset.written(_TEMPLATE, content, DEFAULT)
