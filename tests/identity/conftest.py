"""Somebody who did everything that can be done here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from instrument_share.identity.models import Person
from instrument_share.identity.passwords import hash_password
from tests.permissions.cast import people_of
from tests.permissions.things import LATER, make_things
from tests.support.scene import make_scene

NAME, LATIN, EMAIL, ORCID = "Әйгерім", "Aigerim Nur", "aigerim@uni.example", "0000-0002-1825-0097"
PASSWORD = "correct horse battery"


@pytest.fixture
def somebody(session, remembered) -> Iterator[Person]:
    """Their account, at the moment LATER."""
    with time_machine.travel(LATER, tick=False):
        yield remembered(_did_everything)


def _did_everything() -> Person:
    scene = make_scene(
        modes=["on_site", "mail_in", "remote"],
        applicant={
            "display_name": NAME, "latin_name": LATIN, "email": EMAIL, "orcid": ORCID,
            "password_hash": hash_password(PASSWORD),
        },
    )  # fmt: skip
    make_things(scene, people_of(scene))
    return scene.applicant
