"""A page of a PDF as its reader sees it: where there is ink, and which letters came out as empty boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pypdfium2

SCALE = 4.0
#: Pixels for a millimetre; PDF counts 72 points for 25.4 mm.
MM = SCALE * 72 / 25.4
#: Grey below which a pixel is ink; the pale frame of the seal is none.
INK = 170
#: Pixels for the line that an empty box is drawn with.
_STROKE = 5
_IS_INK = bytes(int(grey < INK) for grey in range(256))


@dataclass(frozen=True)
class Ink:
    """The smallest rectangle around ink, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def in_mm(self) -> tuple[float, float, float, float]:
        return self.left / MM, self.top / MM, self.right / MM, self.bottom / MM


class Picture:
    """The first page of a PDF, drawn."""

    def __init__(self, pdf: bytes) -> None:
        self.document = pypdfium2.PdfDocument(pdf)
        page = self.document[0]
        drawn = page.render(scale=SCALE, grayscale=True)
        self.height, self.width = drawn.height, drawn.width
        inked = bytes(drawn.buffer).translate(_IS_INK)
        self.rows = [
            inked[at : at + self.width]
            for at in range(0, drawn.stride * drawn.height, drawn.stride)
        ]
        self.text = page.get_textpage()

    def ink(self, left: int = 0, right: int | None = None) -> Ink:
        """What is inked between two columns of pixels."""
        rows = [row[left:right] for row in self.rows]
        inked = [at for at, row in enumerate(rows) if 1 in row]
        return Ink(
            left + min(rows[at].find(1) for at in inked),
            inked[0],
            left + max(rows[at].rfind(1) for at in inked),
            inked[-1],
        )

    def lines(self, left: int, right: int, top: int, bottom: int) -> list[Ink]:
        """The lines of text in a part of the page; what is less than a millimetre apart is one line with its marks."""
        bands: list[list[int]] = []
        for at in range(top, bottom):
            if 1 not in self.rows[at][left:right]:
                continue
            if bands and at - bands[-1][1] < MM:
                bands[-1][1] = at
            else:
                bands.append([at, at])
        return [self._band(left, right, *band) for band in bands]

    def _band(self, left: int, right: int, top: int, bottom: int) -> Ink:
        rows = [row[left:right] for row in self.rows[top : bottom + 1] if 1 in row[left:right]]
        first, last = min(row.find(1) for row in rows), max(row.rfind(1) for row in rows)
        return Ink(left + first, top, left + last, bottom)

    def top_of(self, words: str) -> int:
        """Where words that the page can be searched for begin, from above."""
        found = self.text.search(words, match_case=True).get_next()
        assert found, words
        return self.height - round(self.text.get_charbox(found[0])[3] * SCALE)

    @cached_property
    def empty_boxes(self) -> int:
        """How many letters came out as the box for a missing one: inked all around, and nothing within."""
        return sum(map(self._is_empty, self._letters()))

    def _letters(self) -> Iterator[Ink]:
        for at in range(self.text.count_chars()):
            left, low, right, high = (round(edge * SCALE) for edge in self.text.get_charbox(at))
            if min(right - left, high - low) > 3 * _STROKE // 2:
                yield Ink(left, self.height - high, right, self.height - low)

    def _is_empty(self, box: Ink) -> bool:
        middle, centre = (box.left + box.right) // 2, (box.top + box.bottom) // 2
        around = [
            (x, y)
            for x in (box.left, middle, box.right)
            for y in (box.top, centre, box.bottom)
            if (x, y) != (middle, centre)
        ]
        within = self.rows[box.top + _STROKE : box.bottom - _STROKE]
        return all(self._has_ink_at(x, y) for x, y in around) and not any(
            1 in row[box.left + _STROKE : box.right - _STROKE] for row in within
        )

    def _has_ink_at(self, x: int, y: int) -> bool:
        return any(1 in row[max(x - 1, 0) : x + 2] for row in self.rows[max(y - 1, 0) : y + 2])
