"""The JSON API as somebody with nothing but HTTP sees it."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """Status, headers and body of an answer; `json` parses it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class ApiCaller:
    """Calls one server as one person; errors are replies, too."""

    url: str
    language: str = "en"
    token: str = field(default="", repr=False)

    def sign_in(self, email: str, password: str = "demo") -> ApiCaller:
        reply = self.post(
            "/api/v1/tokens", {"email": email, "password": password, "label": "story"}
        )
        assert reply.status == 201, reply.body
        self.token = reply.json["token"]
        return self

    def get(self, path: str, **query: Any) -> Reply:
        question = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._send("GET", f"{path}{question}", None, {})

    def post(self, path: str, data: Any, **headers: str) -> Reply:
        return self._send("POST", path, json.dumps(data).encode(), headers)

    def act(self, booking: dict[str, Any], action: str, **data: Any) -> dict[str, Any]:
        """The booking after an action on the version that is given; any refusal fails the test."""
        path = f"/api/v1/bookings/{booking['reference']}/actions/{action}"
        reply = self.post(path, data, **{"If-Match": f'"{booking["version"]}"'})
        assert reply.status == 200, reply.body.decode()
        return dict(reply.json)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        address = path if path.startswith("http") else self.url + path
        all_headers = {"Accept-Language": self.language, **headers}
        if self.token:
            all_headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            all_headers["Content-Type"] = "application/json"
        request = urllib.request.Request(address, body, all_headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Reply(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, dict(error.headers), error.read())
