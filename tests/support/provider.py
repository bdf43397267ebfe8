"""A real provider of OpenID Connect (`oidc-provider-mock`) on this machine, and hands that may meddle with its tokens.

with running() as provider:
    provider.knows("alice", email="a@x.example", email_verified=True)
    provider.settings            # for the environment of the installation under test
    provider.authorize(url, "alice")   # where it sends the browser back to
    provider.meddle = lambda claims: {**claims, "nonce": "another"}
"""

from __future__ import annotations

import contextlib
import functools
import json
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import flask
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from instrument_share.identity.openid.discovery import Memory, Metadata

Claims = dict[str, Any]
#: The address of the installation under test, as its settings say it.
OUR_URL = "http://127.0.0.1:8000"


def settings_of(url: str) -> dict[str, str]:
    """A provider called Campus, in the environment of the installation under test."""
    name = "INSTRUMENT_SHARE_OIDC_CAMPUS"
    return {
        f"{name}_ISSUER": url,
        f"{name}_CLIENT_ID": "share",
        f"{name}_CLIENT_SECRET": "hush",
        "INSTRUMENT_SHARE_OUTSIDE_ADDRESSES": "127.0.0.0/8",
    }


#: One that does not answer: nobody listens at this port.
SOMEBODY_ELSES = settings_of("http://127.0.0.1:9")


def remember(app: flask.Flask) -> None:
    """As if the application had asked that one who it is, when it still answered."""
    url = "http://127.0.0.1:9"
    told = Metadata(
        f"{url}/there", f"{url}/token", f"{url}/keys", "", ("openid",), ("RS256",), False
    )
    memory = app.extensions["openid"] = Memory()
    memory.get(f"{url}/.well-known/openid-configuration", lambda: told, 60)


@dataclass
class Provider:
    """The provider; `meddle` changes the claims of each id_token, which is then signed again with `key` or its own."""

    url: str
    meddle: Callable[[Claims], Claims] | None = None
    key: RSAKey | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        return settings_of(self.url)

    def knows(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def authorize(self, url: str, subject: str) -> str:
        """Somebody signs in there; where the browser is sent back to: a path of ours."""
        return self._answered(url, {"sub": subject})

    def deny(self, url: str) -> str:
        return self._answered(url, {"action": "deny"})

    def _answered(self, url: str, form: dict[str, str]) -> str:
        answer = requests.post(url, data=form, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix(OUR_URL)


@contextlib.contextmanager
def running() -> Iterator[Provider]:
    """The provider in a thread of this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock
        from authlib.oidc.core.grants import code

        app = oidc_provider_mock.app()
    app.debug = False
    code.import_any_key = _imported
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    app.after_request(lambda answer: _meddled(provider, answer))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _imported(key: dict[str, str]) -> RSAKey:
    """Once: for every token the library would look again whether it is made of primes, for a tenth of a second."""
    return _imported_once(json.dumps(key))


@functools.cache
def _imported_once(key: str) -> RSAKey:
    return RSAKey.import_key(json.loads(key))


def _meddled(provider: Provider, answer: flask.Response) -> flask.Response:
    if flask.request.path != "/oauth2/token" or answer.status_code != 200:
        return answer
    provider.asked.append(flask.request.form.to_dict())
    if provider.meddle is None:
        return answer
    own = flask.g.oidc_provider_mock_storage.jwk
    token = answer.get_json()
    ours = _imported(own.as_dict(is_private=True))
    decoded = jwt.decode(token["id_token"], ours)
    head = {"alg": "RS256", **({"kid": ours.kid} if ours.kid else {})}
    token["id_token"] = jwt.encode(
        head, provider.meddle(dict(decoded.claims)), provider.key or ours
    )
    answer.set_data(flask.json.dumps(token))
    return answer
