"""What the signed session cookie says of a sign-in: whose it is, its secret, and when it was last noted as seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from ...foundation.clock import now
from ...foundation.identifiers import digest_of
from ...foundation.transaction import perform
from ..models import Person
from . import services
from .rules import IDLE, LONGEST, SEEN_EVERY

log = structlog.get_logger("instrument_share.sessions")

#: Names inside the cookie.
SECRET, SEEN = "sign_in", "seen"
#: A secret that tells this browser from others while somebody is at a provider of sign-in; it opens nothing.
BROWSER = "browser"
#: By which provider somebody signed in, so that they may sign out there, too.
PROVIDER = "provider"
_KEPT = ("lang", BROWSER, PROVIDER)


def init_app(app: Flask) -> None:
    app.after_request(_note_seen)


def begin(person: Person, *, at: datetime) -> None:
    """Sign the person in under a session that nobody knew before. A command of its own."""
    fresh = perform(content_for, person, request.user_agent.string, at=at)
    renew()
    session.permanent = True
    session.update(fresh)
    g.pop("_login_user", None)  # where flask-login keeps who is asking in this request


def content_for(person: Person, user_agent: str, *, at: datetime) -> dict[str, Any]:
    """Open a session; what its cookie holds."""
    secret = services.open_session(person, user_agent, at=at)
    return {
        "_user_id": person.get_id(), "_fresh": True, SECRET: secret, SEEN: int(at.timestamp()),
    }  # fmt: skip


def renew() -> None:
    """An empty cookie: nothing of who was here but the language they chose, and which browser this is.

    And which provider remembers them, until they sign out here.
    """
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
    g.pop("_login_user", None)


def parameters(at: datetime) -> dict[str, object]:
    """The values that `services.IS_SIGNED_IN` asks for, from this request's cookie."""
    return {
        "digest": digest_of(str(session.get(SECRET, ""))),
        "started_after": at - LONGEST,
        "seen_after": at - IDLE,
    }


def _note_seen(response: Response) -> Response:
    """Once in a while, and only where the request has read who is asking."""
    if SECRET not in session or g.get("_login_user") is None or g.get("only_reading"):
        return response
    at = now()
    seen = datetime.fromtimestamp(session.get(SEEN, 0), UTC)
    if at - seen >= SEEN_EVERY and current_user.is_authenticated:
        try:
            perform(services.note_seen, session[SECRET], at=at)
        except SQLAlchemyError as error:  # the answer tells of what is done, and is worth more
            log.warning("not noted as seen", exc_info=error)
        else:
            session[SEEN] = int(at.timestamp())
    return response
