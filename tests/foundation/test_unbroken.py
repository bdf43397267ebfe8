"""References stay on one line, and what people typed stays text."""

from __future__ import annotations

from instrument_share.foundation.http.unbroken import unbroken


def test_references_are_kept_whole_and_everything_else_is_left():
    shown = unbroken("<b> B-7GRS1966 by D-2026-01: AXIS-1, well-known")
    kept = (
        '&lt;b&gt; <span class="nowrap">B-7GRS1966</span> by <span class="nowrap">D-2026-01</span>'
    )
    assert shown == f"{kept}: AXIS-1, well-known"
    assert "style" in unbroken("PROP-233W6R", in_mail=True)
