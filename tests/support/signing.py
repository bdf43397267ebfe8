"""Somebody signed in, without going through the sign-in page."""

from __future__ import annotations

from flask.testing import FlaskClient

from instrument_share.identity.models import Person


def sign_in(client: FlaskClient, person: Person) -> None:
    """From now on the client asks as this person."""
    with client.session_transaction() as session:
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
