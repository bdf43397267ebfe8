"""Errors have one of two faces: beside what was typed, or a page of their own."""

from __future__ import annotations

from instrument_share.foundation.errors import (
    DomainError,
    Forbidden,
    NotAuthenticated,
    NotFound,
    Refusal,
)


def test_every_error_but_three_is_shown_where_it_was_asked_for(app):
    """An error that is neither would pass by every view that shows what is wrong."""
    assert set(DomainError.__subclasses__()) == {Refusal, NotFound, Forbidden, NotAuthenticated}
