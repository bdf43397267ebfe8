"""Letters looked at as pictures: on which side lines begin, whether all stays on the page, and no letter is a box."""

from __future__ import annotations

from typing import Any

import pytest

from instrument_share.booking.letters.document import pages
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.letters.rules import new_code

from .picture import MM, Picture

_WIDE, _MARGIN, _BETWEEN = 210, 20, 9  # mm: the page, its margins, the space between two columns
_SLACK = 1
SNAPSHOT: dict[str, Any] = {
    "number": "ZJU-L-2026-0001",
    "issued_on": "2026-11-26",
    "issued_by": "李 明",
    "verify_at": "https://share.example/letters/verify",
    "host": {"names": {"en": "Zhejiang University", "zh-Hans": "浙江大学", "ar": "جامعة تشجيانغ"}, "country": "CN"},
    "facility": {"en": "Center of Electron Microscopy", "zh-Hans": "电子显微镜中心", "ar": "مركز المجهر الإلكتروني"},
    "place": {"en": "Hangzhou", "zh-Hans": "浙江杭州", "ar": "هانغتشو"},
    "instrument": {"en": "Tecnai G2 F20", "zh-Hans": "Tecnai G2 F20电镜", "ar": "المجهر النافذ Tecnai G2 F20"},
    "time_zone": "Asia/Shanghai",
    "agreement": {"en": "Cooperation 2026", "zh-Hans": "2026年合作协议", "ar": "اتفاقية التعاون 2026"},
    "reference": "B-GTHN65K4",
    "starts_at": "2026-11-28T10:00:00+00:00",
    "ends_at": "2026-11-28T14:00:00+00:00",
    "arrives_on": "2026-11-27",
    "departs_on": "2026-11-29",
}  # fmt: skip


def looked_at(languages: str, *names: str) -> Picture:
    visitors = [
        {"name": name, "latin_name": "In Latin Letters", "country": "KZ", "institution": "Al-Farabi University",
         "role": "doctoral_student"}
        for name in names
    ]  # fmt: skip
    snapshot = SNAPSHOT | {"languages": languages, "visitors": visitors}
    return Picture(pages(Letter(snapshot=snapshot, code=new_code())))


@pytest.mark.parametrize(
    ("languages", "names", "boxes"),
    [
        ("zh-Hans+en", ("Әйгерім Нұр", "王小明"), 0),
        ("ar+en", ("محمد الحسن",), 0),
        ("ru+en", ("Николай", "ส"), 1),  # no font of ours has Thai, so the eye is known to see
    ],
)
def test_a_letter_looks_as_it_should(languages, names, boxes):
    page = looked_at(languages, *names)
    assert len(page.document) == 1
    left, top, right, bottom = page.ink().in_mm()
    assert left >= _MARGIN - _SLACK
    assert right <= _WIDE - _MARGIN + _SLACK
    assert top >= 18 - _SLACK
    assert bottom <= 297 - 8
    assert page.empty_boxes == boxes

    middle = _WIDE / 2
    first = [round(edge * MM) for edge in (_MARGIN, middle - _BETWEEN / 2)]
    second = [round(edge * MM) for edge in (middle + _BETWEEN / 2, _WIDE - _MARGIN)]
    rows = page.top_of("To whom"), page.top_of("Nationality") - round(5 * MM)
    for edges in (first, second):
        lines = page.lines(edges[0] - 2, edges[1] + 2, *rows)
        assert len(lines) > 6
        gaps = [((line.left - edges[0]) / MM, (edges[1] - line.right) / MM) for line in lines]
        is_arabic = languages == "ar+en" and edges is second
        begun, ended = zip(*(gap[::-1] if is_arabic else gap for gap in gaps), strict=True)
        assert max(begun) < 1, "every line begins at its own side"
        assert max(ended) > 10, "and ends where its words do"
