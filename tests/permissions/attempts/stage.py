"""Who is there when an attempt is made, how they ask, and the list of attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from instrument_share.booking.models import Booking
from instrument_share.identity.models import Person
from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.services import issue_token, suspend
from tests.support.builders import AT, grant, make_person
from tests.support.scene import Scene
from tests.support.signing import sign_in

PURPOSE = "An unmistakable purpose"


@dataclass
class Stage:
    """Everybody, one request that is theirs who wrote it, and a client that asks as anybody."""

    scene: Scene
    cast: dict[str, Person | None]
    booking: Booking
    client: Any
    session: Any

    def as_(self, letter: str) -> Any:
        person = self.cast[letter]
        assert person is not None
        sign_in(self.client, person)
        return self.client

    def call(self, letter: str, method: str, path: str, **sent: Any) -> TestResponse:
        """An API call with a token of that person's."""
        person = self.cast[letter]
        assert person is not None
        token, _ = issue_token(person, "attempt", at=AT)
        self.session.commit()
        headers = {"Authorization": f"Bearer {token}", **sent.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **sent)

    def act(self, letter: str, action: str, version: str = '"1"', **said: Any) -> TestResponse:
        path = f"/bookings/{self.booking.reference}/actions/{action}"
        return self.call(letter, "POST", path, json=said, headers={"If-Match": version})

    @property
    def reference(self) -> str:
        return self.booking.reference

    @property
    def slug(self) -> str:
        return self.scene.instrument.slug

    def suspend(self, person: Person) -> None:
        administrator = make_person()
        grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
        suspend(person.id, by=administrator, at=AT)
        self.session.commit()


Attempt = Callable[[Stage], TestResponse]
ATTEMPTS: dict[str, Attempt] = {}


def attempt(function: Attempt) -> Attempt:
    """Add it to the list, under its name in words."""
    ATTEMPTS[function.__name__.replace("_", " ")] = function
    return function
