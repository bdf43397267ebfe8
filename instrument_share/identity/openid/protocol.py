"""The authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636), by authlib and joserfc.

They are imported here alone and when they are first needed: a site without providers never loads them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from ...oidc_settings import OidcProvider
from .discovery import Memory, Metadata, keys_of, metadata_of
from .errors import ProviderDown, ProviderRefused, TokenInvalid, WayTooWeak
from .rules import SKEW_SECONDS, is_subject, way_that_lacks
from .secrets import Secrets
from .values import Claims
from .wire import Wire


class Conversation:
    """What is said with one provider while somebody waits."""

    def __init__(
        self, provider: OidcProvider, redirect_uri: str, wire: Wire, memory: Memory
    ) -> None:
        self._provider, self._redirect_uri = provider, redirect_uri
        self._wire, self._memory = wire, memory

    def address(self, secrets: Secrets) -> str:
        """Where to send somebody. Raises ProviderDown, TokenInvalid."""
        metadata = self._metadata()
        url, _ = self._client(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=secrets.state, nonce=secrets.nonce, code_verifier=secrets.verifier, **self._wished(),
        )  # fmt: skip
        return str(url)

    def _wished(self) -> dict[str, str]:
        """How and when the provider is to have recognised somebody."""
        wished = {"acr_values": " ".join(self._provider.acr_values)}
        if self._provider.max_age is not None:
            wished["max_age"] = str(self._provider.max_age * 60)
        return {name: value for name, value in wished.items() if value}

    def address_to_sign_out(self, language: str) -> str:
        """Where somebody ends what the provider remembers of them (OpenID Connect RP-Initiated Logout 1.0); "" where it
        has no such place. Raises ProviderDown, TokenInvalid.

        Without `id_token_hint`, which we do not keep, it asks them first; without an address to come back to, none has
        to be registered there.
        """
        place = self._metadata().end_session_endpoint
        said = urlencode({"client_id": self._provider.client_id, "ui_locales": language})
        return f"{place}{'&' if '?' in place else '?'}{said}" if place else ""

    def claims(self, code: str, secrets: Secrets, at: datetime) -> Claims:
        """Who came back with this code. Raises ProviderDown, ProviderRefused, TokenInvalid, WayTooWeak."""
        metadata = self._metadata()
        token = self._token(metadata, code, secrets)
        told = self._verified(metadata, token, secrets.nonce, at)
        if lacks := way_that_lacks(told, self._provider.acr_values, self._provider.max_age, at):
            raise WayTooWeak(lacks)
        return Claims.of(self._provider.issuer, self._completed(metadata, token, told))

    def _metadata(self) -> Metadata:
        return metadata_of(self._provider, self._wire, self._memory)

    def _client(self, metadata: Metadata) -> Any:
        from authlib.oauth2.client import OAuth2Client

        way = "client_secret_post" if metadata.takes_secret_in_form else "client_secret_basic"
        return OAuth2Client(
            self._wire, self._provider.client_id, self._provider.client_secret,
            token_endpoint_auth_method=way, scope=" ".join(metadata.scopes),
            redirect_uri=self._redirect_uri, code_challenge_method="S256",
        )  # fmt: skip

    def _token(self, metadata: Metadata, code: str, secrets: Secrets) -> dict[str, Any]:
        """The code, exchanged (RFC 6749 section 4.1.3)."""
        from authlib.oauth2 import OAuth2Error

        try:
            token = self._client(metadata).fetch_token(
                metadata.token_endpoint, grant_type="authorization_code",
                code=code, code_verifier=secrets.verifier,
            )  # fmt: skip
        except OAuth2Error:
            raise ProviderRefused() from None
        except (ValueError, TypeError):  # no JSON, or of another shape
            raise ProviderDown() from None
        if not isinstance(token.get("id_token"), str):
            raise TokenInvalid("no id_token")
        return dict(token)

    def _verified(
        self, metadata: Metadata, token: dict[str, Any], nonce: str, at: datetime
    ) -> dict[str, Any]:
        """The id_token's claims (OpenID Connect Core 1.0 section 3.1.3.7)."""
        from joserfc.errors import JoseError

        try:
            claims = self._claims(self._decoded(metadata, token["id_token"]), token, nonce)
            claims.validate(now=int(at.timestamp()), leeway=SKEW_SECONDS)
        except JoseError as fault:
            raise TokenInvalid(_reason(fault)) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise TokenInvalid("malformed") from None
        if not is_subject(claims["sub"]):
            raise TokenInvalid("sub")
        return dict(claims)

    def _claims(self, decoded: Any, token: dict[str, Any], nonce: str) -> Any:
        """What the id_token claims, with what it has to claim: for us, from the provider, in answer to our question."""
        from authlib.oidc.core import CodeIDToken

        client = self._provider.client_id
        return CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self._provider.issuer},
                "aud": {"essential": True, "value": client},
            },
            params={
                "nonce": nonce,
                "client_id": client,
                "access_token": token.get("access_token"),
            },
        )

    def _decoded(self, metadata: Metadata, text: str) -> Any:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        def decoded(fresh: bool) -> Any:
            keys = keys_of(metadata, self._wire, self._memory, fresh=fresh)
            registry = JWSRegistry(algorithms=metadata.algorithms, strict_check_header=False)
            return jwt.decode(text, KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]

        try:
            return decoded(fresh=False)
        except InvalidKeyIdError:  # keys change
            return decoded(fresh=True)

    def _completed(
        self, metadata: Metadata, token: dict[str, Any], told: dict[str, Any]
    ) -> dict[str, Any]:
        """With what the provider tells only when asked again; of somebody else (another `sub`) it is worth nothing."""
        is_complete = "email" in told or "email" not in metadata.scopes
        if is_complete or not metadata.userinfo_endpoint or "access_token" not in token:
            return told
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        more = self._wire.document(metadata.userinfo_endpoint, **bearer)
        if more.get("sub") != told["sub"]:
            raise TokenInvalid("sub of userinfo")
        return more | {name: value for name, value in told.items() if name != "email_verified"}


def _reason(fault: Any) -> str:
    """What does not fit, without anything of the token itself."""
    claim = getattr(fault, "claim", "") or ""
    return f"{fault.error} {claim}".strip()[:60]
