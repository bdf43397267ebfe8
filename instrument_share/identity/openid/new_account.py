"""The form of a new account, filled in with what the provider said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template

from ..choices import institution_choices, language_choices, zone_choices
from ..queries import institution_of_mail
from .rules import orcid_of, trusted_mail
from .values import Claims


def new_account_page(
    provider: str, claims: Claims, form: Mapping[str, str], errors: Mapping[str, Any]
) -> str:
    email = trusted_mail(claims)
    matched = institution_of_mail(email) if email else None
    return render_template(
        "identity/openid/new_account.html",
        provider=provider,
        claims=claims,
        trusted_mail=email,
        orcid=orcid_of(claims.issuer, claims.subject),
        matched=matched,
        institutions=institution_choices(),
        languages_offered=language_choices(),
        zones=zone_choices(),
        form=form,
        errors=errors,
    )
