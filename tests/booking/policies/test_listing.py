"""The list of places whose policy one may write is searched and filtered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.policies.in_force import BUILT_IN_POLICY, InForce
from instrument_share.booking.policies.listing import Listed, page_of
from instrument_share.booking.policies.places import Place
from instrument_share.booking.policies.rules import BUILT_IN
from instrument_share.identity.models import Institution
from instrument_share.identity.rules import Scope

HOST = Scope("institution", 1)
OWN = InForce(1, 1, HOST, None, BUILT_IN)


def row(kind, path, name, in_force, *, draft=False, around=()):
    host = Institution(slug=path[0], names={"en": "Tsinghua University", "zh-Hans": "清华大学"})
    scopes = (HOST,) if kind == "host" else (Scope(kind, len(path)), HOST)
    return Listed(Place(kind, path, {"en": name}, host, scopes), in_force, draft, around)


THU = {"en": "Tsinghua University", "zh-Hans": "清华大学"}
ROWS = [
    row("host", ("thu",), "Tsinghua University", OWN),
    row("facility", ("thu", "nmr"), "NMR centre", OWN, draft=True, around=[THU]),
    row("instrument", ("thu", "nmr", "a600"), "AVANCE 600", OWN, around=[THU, {"ar": "مركز"}]),
    row("host", ("ustc",), "USTC", BUILT_IN_POLICY),
]
EVERYTHING = {"q": "", "host": "", "kind": "", "state": "", "page": 1, "page_size": 50}


def found(**asked):
    return [each.place.slug for each in page_of(ROWS, EVERYTHING | asked).items]


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({}, ["thu", "nmr", "a600", "ustc"]),
        ({"q": "avance"}, ["a600"]),
        ({"q": "tsinghua NMR"}, ["nmr", "a600"]),  # what is around a place counts
        ({"q": "مركز"}, ["a600"]),  # in any language
        ({"host": "ustc"}, ["ustc"]),
        ({"kind": "facility"}, ["nmr"]),
        ({"state": "own"}, ["thu"]),
        ({"state": "wider"}, ["nmr", "a600"]),
        ({"state": "built_in"}, ["ustc"]),
        ({"state": "draft"}, ["nmr"]),
        ({"kind": "host", "q": "nothing"}, []),
    ],
)
def test_rows_fit_what_is_asked(asked, slugs):
    assert found(**asked) == slugs


@given(st.integers(1, 6))
def test_pages_hold_every_row_once(size):
    pages = [found(page=number, page_size=size) for number in range(1, 6)]
    assert [slug for page in pages for slug in page] == found()
