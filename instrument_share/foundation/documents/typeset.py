"""Typeset pages: a Typst template that is handed its data as JSON, so that no text of ours is ever markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..languages import Language

MEDIA_TYPE = "application/pdf"
#: Shipped, so that a bare machine sets every language: Noto Sans, Noto Sans Arabic, Noto Sans CJK SC.
FONTS = Path(__file__).resolve().parent.parent.parent / "fonts"


def written(template: Path, data: Mapping[str, Any], language: Language) -> bytes:
    """The template's PDF, set in the fonts that are shipped; equal data make equal bytes.

    The template reads `json(bytes(sys.inputs.data))`; `language` and `direction` are among it.
    """
    import typst

    told = {**data, "language": language.tag.split("-")[0], "direction": language.direction}
    return bytes(
        typst.compile(
            str(template),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        )
    )
