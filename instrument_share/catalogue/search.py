"""The search over the catalogue: text in any language, facets, and when each hit is first free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, false, select
from sqlalchemy.orm import contains_eager, selectinload

from ..foundation.database import db
from ..foundation.http.paging import Page
from ..foundation.interval import Interval
from ..foundation.many import listed
from ..identity.models import Institution, Person
from .facets import FacetCount, chosen, count_facets
from .free_time import Wish, first_free, free_among
from .models import Facility, Instrument
from .openness import open_to
from .rules import InstrumentStatus
from .search_match import matching, ranked
from .search_text import terms_of


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for. Values of one facet widen the search, facets narrow it.

    `facets` maps a facet's name (`facets.FACETS`) to the values chosen. With a `window` only
    instruments are found that are free in it for `minutes` at a stretch.
    """

    text: str = ""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    open_to_me: bool = False
    window: Interval | None = None
    minutes: int = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A page of instruments, how many there are by facet, and when they are first free (with a window)."""

    page: Page[Instrument]
    facets: dict[str, list[FacetCount]]
    first_free: dict[int, datetime]


def search(
    request: SearchRequest,
    person: Person | None,
    *,
    at: datetime,
    page: int = 1,
    page_size: int = 50,
) -> Found:
    """The instruments that fit, those found by their name first; `person` is asked for by "open to me"."""
    hits = _Hits(request.text)
    wish = Wish(request.window, request.minutes, at, person) if request.window else None
    always = [*hits.criteria, *([_fulfilling(wish, hits)] if wish else [])]
    criteria = chosen(request.facets)
    mine = open_to(person, at.date()) if person else None
    if request.open_to_me:
        criteria["open_to_me"] = mine if mine is not None else false()
    facets = count_facets(always, criteria, mine)
    (total,) = facets.pop("total")
    rows = _page_of(hits, [*always, *criteria.values()], page, page_size)
    return Found(
        Page(rows, total.count, page, page_size),
        facets,
        first_free([row.id for row in rows], wish) if wish else {},
    )


class _Hits:
    """The instruments that a text finds: the condition for it, and their order."""

    def __init__(self, text: str) -> None:
        terms = terms_of(text)
        self._ranked = ranked(terms).subquery("hit") if terms else None
        self.are_narrowed = bool(text.strip())
        self.criteria: list[ColumnElement[bool]] = [Instrument.status != InstrumentStatus.RETIRED]
        if terms:
            self.criteria.append(Instrument.id.in_(select(matching(terms).cte("found").c.id)))
        elif text.strip():
            self.criteria.append(false())  # signs alone: there is nothing to look for

    def ordered(self, query: Select[Instrument]) -> Select[Instrument]:
        """Names before descriptions, then the better match; without a text what can be used comes first."""
        usable_first = case((Instrument.status == InstrumentStatus.OUT_OF_SERVICE, 1), else_=0)
        if self._ranked is None:
            return query.order_by(usable_first, Instrument.slug)
        hit = self._ranked.c
        return query.join(self._ranked, hit.id == Instrument.id).order_by(
            hit.by_name.desc(), hit.distance, Instrument.slug
        )


def _fulfilling(wish: Wish, hits: _Hits) -> ColumnElement[bool]:
    """The condition under which an instrument that the text finds is free as wished.

    The ids go to the database once for all facets.
    """
    candidates = select(Instrument.id).where(*hits.criteria) if hits.are_narrowed else None
    free = select(listed(free_among(candidates, wish)).c.value).cte("free")
    return Instrument.id.in_(select(free.c.value))


def _page_of(
    hits: _Hits, criteria: Sequence[ColumnElement[bool]], page: int, page_size: int
) -> Sequence[Instrument]:
    query = (
        select(Instrument)
        .join(Instrument.facility)
        .join(Institution, Institution.id == Facility.host_id)
        .options(
            contains_eager(Instrument.facility).contains_eager(Facility.host),
            selectinload(Instrument.modes),
            selectinload(Instrument.fields),
            selectinload(Instrument.techniques),
        )
        .where(*criteria)
    )
    rows = hits.ordered(query).limit(page_size).offset((page - 1) * page_size)
    return db.session.scalars(rows).all()
