"""JSON calls of agreements."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from ...foundation.clock import now
from ...identity.current import require_person
from . import queries
from .schemas import AgreementDetail, AgreementList, agreement_out, year_out
from .use import use_of
from .use_shown import year_now

blueprint = Blueprint(
    "agreements_api", __name__, url_prefix="/api/v1", description="Agreements and their use"
)


@blueprint.get("/agreements")
@blueprint.response(200, AgreementList)
def list_agreements() -> dict[str, Any]:
    """The agreements that the caller may see, the latest to begin first."""
    items = [agreement_out(each) for each in queries.agreements_of(require_person())]
    return {"items": items, "total": len(items), "page": 1, "page_size": max(len(items), 1)}


@blueprint.get("/agreements/<reference>")
@blueprint.response(200, AgreementDetail)
def read_agreement(reference: str) -> dict[str, Any]:
    """One agreement, with the use of its quota in this year (or the nearest of its validity)."""
    found = queries.agreement_of(require_person(), reference)
    year = year_now(found, now().date())
    use = use_of(found, year)
    slugs = {key: each.slug for key, each in queries.partners_using(found, use).items()}
    return agreement_out(found) | {"use": year_out(use, year, slugs)}
