"""The public pages in a browser: accessible, as wide as the screen, in both directions of writing."""

from __future__ import annotations

import pytest

from instrument_share.catalogue.search_index import index_instruments

from ..support.browsing import axe
from ..support.builders import make_facility, make_instrument, make_technique
from ..support.marks import sqlite_only


@sqlite_only
@pytest.mark.browser
@pytest.mark.slow
def test_the_search_and_a_facility_are_accessible_and_fit(session, site, page) -> None:
    facility = make_facility(slug="centre", website="https://www.example.org/")
    for n in range(3):
        make_instrument(
            facility,
            slug=f"tem-{n}",
            techniques=[make_technique(f"t-{n}")],
            modes=["remote", "data"],
        )
    index_instruments()
    session.commit()
    for lang in ("en", "zh-Hans", "ar"):
        for path in ("/", "/?mode=remote", "/?q=zzqqxx", "/?free_from=never", "/facilities/centre"):
            page.goto(f"{site.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                axe(page)
