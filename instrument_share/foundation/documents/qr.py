"""QR codes (ISO/IEC 18004) as SVG, for documents and pages alike."""

from __future__ import annotations

from io import BytesIO


def qr_svg(text: str) -> str:
    """The code of `text` with its quiet zone; 15 % of it may be lost (level M)."""
    import segno

    target = BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, dark="#000"
    )
    return target.getvalue().decode()
