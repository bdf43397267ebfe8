"""Which instruments match what somebody typed, in the form of each engine's index."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Float, column, text
from sqlalchemy.sql.selectable import TextualSelect

from ..foundation.database import engine_name
from .search_text import Term

_SQLITE_RANKED = """
SELECT rowid AS id,
       rowid IN (
           SELECT rowid FROM instrument_search WHERE instrument_search MATCH :in_name
       ) AS by_name,
       bm25(instrument_search, 10.0, 1.0) AS distance
FROM instrument_search WHERE instrument_search MATCH :anywhere
"""
_POSTGRESQL_RANKED = """
SELECT instrument_id AS id,
       document @@ CAST(:in_name AS tsquery) AS by_name,
       -ts_rank(document, CAST(:anywhere AS tsquery)) AS distance
FROM instrument_search WHERE document @@ CAST(:anywhere AS tsquery)
"""


_FOUND_ON = {
    "sqlite": "SELECT rowid AS id FROM instrument_search WHERE instrument_search MATCH :anywhere",
    "postgresql": "SELECT instrument_id AS id FROM instrument_search "
    "WHERE document @@ CAST(:anywhere AS tsquery)",
}
_RANKED_ON = {"sqlite": _SQLITE_RANKED, "postgresql": _POSTGRESQL_RANKED}


def matching(terms: list[Term]) -> TextualSelect:
    """The `id`s of the instruments in which every term is found, without any order."""
    found = _FOUND_ON[engine_name()]
    return text(found).bindparams(anywhere=_everywhere(terms)).columns(column("id", BigInteger))


def ranked(terms: list[Term]) -> TextualSelect:
    """Rows of (`id`, `by_name`, `distance`) of the instruments in which every term is found.

    `by_name` tells that the names alone hold every term: those come first. The smaller `distance`,
    the better.
    """
    statement = text(_RANKED_ON[engine_name()])
    bound = statement.bindparams(anywhere=_everywhere(terms), in_name=_in_name(terms))
    return bound.columns(
        column("id", BigInteger), column("by_name", Boolean), column("distance", Float)
    )


def _everywhere(terms: list[Term]) -> str:
    if engine_name() == "sqlite":
        return " ".join(f'"{term.word}"{"*" if term.is_prefix else ""}' for term in terms)
    return " & ".join(_lexeme(term, "") for term in terms)


def _in_name(terms: list[Term]) -> str:
    if engine_name() == "sqlite":
        return f"{{name}} : ({_everywhere(terms)})"
    return " & ".join(_lexeme(term, "A") for term in terms)


def _lexeme(term: Term, weight: str) -> str:
    flags = ("*" if term.is_prefix else "") + weight
    return f"'{term.word}':{flags}" if flags else f"'{term.word}'"
