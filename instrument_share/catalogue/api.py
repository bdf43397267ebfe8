"""JSON calls of the catalogue: the search and a single instrument."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.http.arguments import arguments
from ..foundation.http.limits import PUBLIC, limiter
from ..identity.current import person_or_none
from . import as_data, queries, shown
from .schemas import InstrumentDetail, InstrumentPage, SearchQuery
from .search import search

blueprint = Blueprint(
    "catalogue_api", __name__, url_prefix="/api/v1", description="Instruments and the search"
)


@blueprint.get("/instruments")
@limiter.limit(PUBLIC)
@arguments(blueprint, SearchQuery, location="query")
@blueprint.response(200, InstrumentPage)
def find(query: dict[str, Any]) -> dict[str, Any]:
    """Search instruments in any language, narrowed by facets and by when they are free."""
    found = search(
        query["request"],
        person_or_none(),
        at=now(),
        page=query["page"],
        page_size=query["page_size"],
    )
    return found.page.envelope(as_data.hits(found)) | {"facets": shown.facets(found.facets)}


@blueprint.get("/instruments/<slug>")
@blueprint.response(200, InstrumentDetail)
def instrument(slug: str) -> dict[str, Any]:
    """Everything that is told of an instrument."""
    return as_data.detail(queries.described_instrument(slug))
