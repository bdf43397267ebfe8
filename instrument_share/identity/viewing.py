"""Viewing the site as somebody else: the session says whom, every request asks again whether it is allowed.

While it lasts the request only reads: no form is taken, no command runs (`foundation.transaction.only_reading`) and no
secret address is told, so that nothing can be done in somebody's name. The pages say so on top.
"""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_login import current_user
from sqlalchemy.orm import joinedload

from ..foundation.database import db
from ..foundation.errors import ReadOnly
from ..foundation.transaction import only_reading
from .current import require_person
from .models import Person
from .services.viewing import viewable

_KEY = "viewing_as"
#: What is left to whoever views: to stop.
_STOP = "identity.stop_viewing"


def init_app(app: Flask) -> None:
    app.before_request(_look_through_their_eyes)
    app.context_processor(lambda: {"viewed_by": g.get("viewed_by")})


def begin(person: Person) -> None:
    """From the next request on this session views the site as `person`."""
    session[_KEY] = person.id


def end() -> int | None:
    """This session is its owner's again; the id of who was viewed."""
    return session.pop(_KEY, None)


def _look_through_their_eyes() -> None:
    if _KEY not in session or request.endpoint in (_STOP, "static"):
        return
    viewed = viewable(session[_KEY], require_person()) if current_user.is_authenticated else None
    if viewed is None:
        end()
        return
    g.viewed_by = require_person()
    person = db.session.get(Person, viewed.id, options=[joinedload(Person.institution)])
    g._login_user = person  # where flask-login keeps who is asking in this request
    only_reading()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        raise ReadOnly()
