"""Whoever reads the audit trail reads words: for every deed that is recorded, and for every kind of thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import instrument_share
from instrument_share.access.screening.rules import DECISIONS
from instrument_share.access.training.rules import PlaceState
from instrument_share.booking.afterwards.rules import Verdict
from instrument_share.booking.rules import Action
from instrument_share.booking.samples.rules import Step
from instrument_share.identity.applications.rules import ApplicationState
from instrument_share.identity.trail.labels import DEEDS, KINDS

DECIDED = set(ApplicationState) - {ApplicationState.WAITING}
#: Deeds whose last word is a member of an enum.
OF_ENUMS = {
    *(f"booking.{each}" for each in Action),
    *(f"sample.{each}" for each in Step),
    *(f"training.{each}" for each in PlaceState),
    *(f"credit.{each}" for each in Verdict),
    *(f"screening.{leads_to}" for _, leads_to in DECISIONS.values()),
    *(f"institution.{each}" for each in DECIDED),
}


@pytest.fixture(scope="module")
def recorded() -> list[tuple[str | None, str | None]]:
    """What the source records, word by word: deed and kind, None where either is put together."""
    folder = Path(instrument_share.__file__).parent
    return [
        each for file in folder.rglob("*.py") for each in _recorded_in(ast.parse(file.read_text()))
    ]


def _recorded_in(tree: ast.AST) -> Iterator[tuple[str | None, str | None]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name("audit"), "record"), args=[deed, kind, *_]):
                yield _said(deed), _said(kind)


def _said(node: ast.expr) -> str | None:
    return str(node.value) if isinstance(node, ast.Constant) else None


def test_every_deed_has_words(recorded):
    said = {deed for deed, _ in recorded if deed}
    assert len(said) > 50
    assert (said | OF_ENUMS) - set(DEEDS) == set()


def test_every_kind_of_thing_has_words(recorded):
    said = {kind for _, kind in recorded if kind}
    assert len(said) > 15
    assert said - set(KINDS) == set()
