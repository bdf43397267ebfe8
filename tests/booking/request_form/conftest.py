"""What the tests of the form begin with."""

from __future__ import annotations

import pytest

from tests.booking.request_form.stage import Desk
from tests.support.builders import make_institution, make_instrument, make_person
from tests.support.signing import sign_in


@pytest.fixture(autouse=True)
def present(present):
    return present


@pytest.fixture
def desk(session, client) -> Desk:
    researcher = make_person(make_institution())
    desk = Desk(make_instrument(modes=["on_site", "remote"]), researcher)
    sign_in(client, researcher)
    return desk
