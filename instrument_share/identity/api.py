"""JSON calls of identity: tokens and the caller's own account."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.errors import DomainError
from ..foundation.http.arguments import arguments
from ..foundation.http.limits import SIGN_IN, limiter
from ..foundation.http.show import localized
from ..foundation.transaction import perform
from . import services
from .account_links import addresses_of
from .acting import actor_of
from .current import require_person
from .models import Person
from .rules import Verification
from .schemas import AccountOut, TokenOut, TokenRequest
from .second_factor import services as second_factor
from .second_factor.errors import SecondFactorDue
from .second_factor.gate import is_due

blueprint = Blueprint(
    "identity_api", __name__, url_prefix="/api/v1", description="Tokens and the caller's account"
)


@blueprint.post("/tokens")
@limiter.limit(SIGN_IN)
@arguments(blueprint, TokenRequest)
@blueprint.response(201, TokenOut)
def issue_token(wanted: dict[str, str]) -> dict[str, Any]:
    """A bearer token for mail address and password. It is told only this once.

    An account with a second factor must give its code as `otp`: 422 `otp_required`, `otp_wrong`, 429 `otp_paused`.
    """
    at = now()
    outcome = perform(services.sign_in, wanted["email"], wanted["password"], at=at)
    if isinstance(outcome, DomainError):
        raise outcome
    refusal = perform(second_factor.check, outcome, wanted["otp"], at=at)
    if refusal is not None:
        raise refusal
    if is_due(outcome):
        raise SecondFactorDue()
    secret, token = perform(services.issue_token, outcome, wanted["label"], at=at)
    return {"token": secret, "expires_at": token.expires_at}


@blueprint.delete("/tokens/current")
@blueprint.response(204)
def revoke_token() -> None:
    """The token that this call was made with opens nothing any more."""
    secret = request.headers.get("Authorization", "").partition(" ")[2].strip()
    perform(services.revoke_token_by_secret, secret, by=require_person(), at=now())


@blueprint.get("/account")
@blueprint.response(200, AccountOut)
def account() -> dict[str, Any]:
    """Who the caller is, and what they may do where."""
    return _own_data(require_person())


def _own_data(person: Person) -> dict[str, Any]:
    home = person.institution
    return {
        "email": person.email,
        "name": person.display_name,
        "latin_name": person.latin_name,
        "language": person.language,
        "time_zone": person.time_zone,
        "orcid": person.orcid,
        "verified": person.verification == Verification.VOUCHED,
        "institution": home
        and {
            "slug": home.slug,
            "name": localized(home.names),
            "country": home.country,
            "ror": home.ror,
        },
        "roles": sorted(
            (
                {"role": role.value, "scope": scope.kind, "id": scope.id}
                for role, scope in actor_of(person).own
            ),
            key=lambda each: (each["role"], each["scope"], each["id"] or 0),
        ),
        **addresses_of(person),
    }
