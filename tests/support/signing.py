"""Somebody signed in, without going through the sign-in page."""

from __future__ import annotations

from flask.testing import FlaskClient

from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.identity.models import Person
from instrument_share.identity.sessions.cookie import content_for


def sign_in(client: FlaskClient, person: Person) -> None:
    """From now on the client asks as this person."""
    content = content_for(person, "a browser", at=now())
    db.session.commit()  # a browser may come with it before this client asks for anything
    with client.session_transaction() as session:
        session.update(content)
