"""The JSON API inside the process, called with somebody's token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from instrument_share.foundation.database import db
from instrument_share.identity.models import Person
from instrument_share.identity.services import issue_token


@dataclass(frozen=True)
class Bearer:
    """Calls as one person; paths are those behind `/api/v1`."""

    client: FlaskClient
    token: str

    @classmethod
    def of(cls, client: FlaskClient, person: Person, *, at: datetime) -> Bearer:
        secret, _ = issue_token(person, "test", at=at)
        db.session.commit()
        return cls(client, secret)

    def call(self, method: str, path: str, data: Any = None, **headers: str) -> TestResponse:
        own = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        return self.client.open(f"/api/v1{path}", method=method, json=data, headers=own | headers)
