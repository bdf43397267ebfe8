"""Which instruments match what somebody typed, in the form of each engine's index."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Float, TextClause, column, text
from sqlalchemy.sql.selectable import TextualSelect

from ..foundation.database import db
from .search_text import Term

_SQLITE = """
SELECT rowid AS id,
       rowid IN (
           SELECT rowid FROM instrument_search WHERE instrument_search MATCH :in_name
       ) AS by_name,
       bm25(instrument_search, 10.0, 1.0) AS distance
FROM instrument_search WHERE instrument_search MATCH :anywhere
"""
_POSTGRESQL = """
SELECT instrument_id AS id,
       document @@ CAST(:in_name AS tsquery) AS by_name,
       -ts_rank(document, CAST(:anywhere AS tsquery)) AS distance
FROM instrument_search WHERE document @@ CAST(:anywhere AS tsquery)
"""


def matching(terms: list[Term]) -> TextualSelect:
    """Rows of (`id`, `by_name`, `distance`) of the instruments in which every term is found.

    `by_name` tells that the names alone hold every term: those come first. The smaller `distance`,
    the better.
    """
    return _statement(terms).columns(
        column("id", BigInteger), column("by_name", Boolean), column("distance", Float)
    )


def _statement(terms: list[Term]) -> TextClause:
    if db.session.get_bind().dialect.name == "sqlite":
        anywhere = " ".join(f'"{term.word}"{"*" if term.is_prefix else ""}' for term in terms)
        return text(_SQLITE).bindparams(anywhere=anywhere, in_name=f"{{name}} : ({anywhere})")
    return text(_POSTGRESQL).bindparams(
        anywhere=" & ".join(_lexeme(term, "") for term in terms),
        in_name=" & ".join(_lexeme(term, "A") for term in terms),
    )


def _lexeme(term: Term, weight: str) -> str:
    flags = ("*" if term.is_prefix else "") + weight
    return f"'{term.word}':{flags}" if flags else f"'{term.word}'"
