"""The things of the cast, stored: every address of the site leads to one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import current_app
from sqlalchemy.orm import Session

from instrument_share.identity.models import Person
from tests.support.provider import SOMEBODY_ELSES, remember
from tests.support.scene import make_scene
from tests.support.signing import sign_in

from .cast import people_of
from .things import LATER, Things, make_things


@pytest.fixture
def environ(environ):
    return environ | SOMEBODY_ELSES


@pytest.fixture
def stage(app, session, remembered, monkeypatch) -> Iterator[Things]:
    """The things of the cast, stored; what is asked from then on is forgotten after each answer."""
    remember(app)
    with time_machine.travel(LATER, tick=False):
        things = remembered(_things_of_the_cast)
        session.commit()
        monkeypatch.setattr(Session, "commit", Session.flush)
        monkeypatch.setattr("flask.templating._render", lambda *_: "")  # pages are tested elsewhere
        yield things


def _things_of_the_cast() -> Things:
    scene = make_scene(modes=["on_site", "mail_in", "remote"])
    cast = people_of(scene)
    things = make_things(scene, cast)
    client = current_app.test_client()
    things.cookies = {letter: _cookie_of(client, person) for letter, person in cast.items()}
    return things


def _cookie_of(client, person: Person) -> str:
    sign_in(client, person)
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)
