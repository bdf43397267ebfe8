"""Requests to a provider: through the guard of outgoing calls, all of one sign-in within one deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ...foundation.outgoing.addresses import Network, target_of
from ...foundation.outgoing.faults import CallFailed
from ...foundation.outgoing.transport import asked, body_of
from .errors import ProviderDown

#: All that is asked of a provider while somebody waits takes at most so long.
MOST_SECONDS = 10.0
_MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in the shape that authlib reads."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """Raises ValueError for what is no JSON, or is nested to exhaust us."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def raise_for_status(self) -> None:
        """Raises ProviderDown for what is no success."""
        if self.status_code >= 400:
            raise ProviderDown()


class Wire:
    """What authlib takes for its session. `allowed`: networks besides the open internet. Redirects are not followed."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._deadline = time.monotonic() + MOST_SECONDS

    def document(self, url: str, **headers: str) -> dict[str, Any]:
        """The JSON object at an address. Raises ProviderDown where there is none."""
        answer = self._ask("GET", url, headers)
        try:
            found = answer.json() if answer.status_code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ProviderDown()
        return found

    def post(
        self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> Answer:
        """A form, to which `auth` (authlib's) adds who we are."""
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self._ask("POST", url, sent, body.encode())

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        wanted = {"Accept": "application/json", **headers}
        try:
            target = target_of(url, self._allowed)
            with asked(
                target, deadline=self._deadline, method=method, headers=wanted, body=body
            ) as got:
                return Answer(got.status, body_of(got, _MOST_BYTES))
        except CallFailed:
            raise ProviderDown() from None
