"""Whether a provider of sign-in answers as it should: for whoever sets it up."""

from __future__ import annotations

from collections.abc import Sequence

from ...foundation.outgoing.addresses import Network
from ...oidc_settings import OidcProvider
from .discovery import Memory, metadata_of
from .errors import ProviderDown, TokenInvalid
from .wire import Wire


def what_ails(provider: OidcProvider, allowed: Sequence[Network]) -> str:
    """The end of a sentence that begins with the provider's address; "" where nothing does."""
    try:
        metadata = metadata_of(provider, Wire(allowed), Memory())
    except ProviderDown:
        return (
            "does not answer with a discovery document, or lies in a network that is not allowed."
        )
    except TokenInvalid as fault:
        return f"has a discovery document that does not fit ({fault.reason})."
    if not metadata.algorithms:
        return "signs in no way that is taken here."
    return _lack_of_ways(provider.acr_values, metadata.acr_values)


def _lack_of_ways(wanted: Sequence[str], offered: Sequence[str]) -> str:
    """A provider need not tell which ways it knows."""
    if not offered or not wanted or set(wanted) & set(offered):
        return ""
    return f"recognises people in none of the ways that are asked for, but by {', '.join(offered)}."
