"""The providers of this site, as its settings name them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from ...foundation.errors import NotFound
from ...oidc_settings import OidcProvider


def offered() -> Sequence[OidcProvider]:
    providers: Sequence[OidcProvider] = current_app.config["SETTINGS"].oidc_providers
    return providers


def provider_named(name: str) -> OidcProvider:
    """Raises NotFound."""
    for each in offered():
        if each.name == name:
            return each
    raise NotFound()


def title_of(issuer: str) -> str:
    """What people call a provider; its address where it is no longer in the settings."""
    return next((each.title for each in offered() if each.issuer == issuer), issuer)
