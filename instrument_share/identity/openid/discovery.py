"""What a provider says of itself and its keys (OpenID Connect Discovery 1.0), remembered by each process an hour."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ...oidc_settings import OidcProvider
from .errors import ProviderDown, TokenInvalid
from .rules import ALGORITHMS
from .wire import Wire

_SECONDS = 3600.0
#: Keys are asked for again because of one that is unknown at most this often: anybody can name one.
_FRESH_SECONDS = 60.0
_SCOPES = ("openid", "profile", "email")
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
_KINDS_OF_KEYS = ("RSA", "EC", "OKP")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where to send whom, and how the provider signs."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    scopes: tuple[str, ...]
    algorithms: tuple[str, ...]
    takes_secret_in_form: bool
    end_session_endpoint: str = ""
    acr_values: tuple[str, ...] = ()


class Memory:
    """What was fetched, until it is too old; one for each process. Two who ask at once may both fetch it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Any]] = {}

    def get(self, name: str, fetch: Callable[[], Any], seconds: float) -> Any:
        since, value = self._known.get(name, (float("-inf"), None))
        if time.monotonic() - since >= seconds:
            value = fetch()
            self._known[name] = (time.monotonic(), value)
        return value


def metadata_of(provider: OidcProvider, wire: Wire, memory: Memory) -> Metadata:
    """Raises ProviderDown, and TokenInvalid where what is there is of another issuer or leads to unsafe addresses."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    return memory.get(address, lambda: _read(provider, wire.document(address)), _SECONDS)


def keys_of(
    metadata: Metadata, wire: Wire, memory: Memory, *, fresh: bool = False
) -> dict[str, Any]:
    """The provider's public keys as a JWK Set (RFC 7517); `fresh` where one was unknown. Raises ProviderDown."""

    def fetch() -> dict[str, Any]:
        keys = wire.document(metadata.jwks_uri).get("keys")
        if not isinstance(keys, list):
            raise ProviderDown()
        return {"keys": [each for each in keys if _is_for_signing(each)]}

    return memory.get(metadata.jwks_uri, fetch, _FRESH_SECONDS if fresh else _SECONDS)


def _read(provider: OidcProvider, told: Mapping[str, Any]) -> Metadata:
    if told.get("issuer") != provider.issuer:
        raise TokenInvalid("issuer of the metadata")
    authorization, token, jwks, userinfo = (str(told.get(name) or "") for name in _ADDRESSES)
    addresses = [authorization, token, jwks, *filter(None, [userinfo])]
    if not all(_is_safe(each, provider) for each in addresses):
        raise TokenInvalid("addresses in the metadata")
    ending = str(told.get("end_session_endpoint") or "")
    scopes = _texts(told, "scopes_supported", _SCOPES)
    signs = _texts(told, "id_token_signing_alg_values_supported", ("RS256",))
    ways = _texts(told, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    return Metadata(
        authorization, token, jwks, userinfo,
        scopes=tuple(each for each in _SCOPES if each in scopes or each == "openid"),
        algorithms=tuple(each for each in ALGORITHMS if each in signs),
        takes_secret_in_form="client_secret_basic" not in ways,
        end_session_endpoint=ending if _is_safe(ending, provider) else "",
        acr_values=_texts(told, "acr_values_supported", ()),
    )  # fmt: skip


def _texts(told: Mapping[str, Any], name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    values = told.get(name)
    return tuple(map(str, values)) if isinstance(values, list) else otherwise


def _is_safe(url: str, provider: OidcProvider) -> bool:
    """As safe as the issuer: https, or the same machine where that was allowed for trying out."""
    try:
        ours, theirs = urlsplit(provider.issuer), urlsplit(url)
    except ValueError:
        return False
    return (theirs.scheme == "https" and bool(theirs.hostname)) or (
        ours.scheme == "http" and (theirs.scheme, theirs.hostname) == ("http", ours.hostname)
    )


def _is_for_signing(key: object) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") in _KINDS_OF_KEYS
        and key.get("use", "sig") == "sig"
    )
