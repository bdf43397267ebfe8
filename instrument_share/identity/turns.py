"""Turns of commands that rest on what they read and do not write: else two at once would not see each other.

PostgreSQL shows each statement what is committed by then (READ COMMITTED), and what a request read before its command
is older still. On SQLite writers take turns anyway; what they read before is read anew here.
"""

from __future__ import annotations

from sqlalchemy import select

from ..foundation.database import db
from ..foundation.errors import NotAuthenticated
from .acting import forget_actors
from .models import Person, RoleGrant
from .rules import Role

#: What of a person a command rests on.
_RESTED_ON = ("password_hash", "session_serial", "suspended_at", "institution_id")


def take_turn(person: Person) -> None:
    """What the person asks for is done one after the other, as they are now.

    Raises NotAuthenticated where they were signed out everywhere since the request began: else a thief's last request
    would outlive that.
    """
    serial = person.session_serial
    db.session.refresh(person, _RESTED_ON, with_for_update={"key_share": True})
    if person.session_serial != serial or not person.is_active:
        raise NotAuthenticated()


def take_turn_over_administrators(by: Person) -> None:
    """Whoever can end another administrator's part does so after the other: else nobody might be left.

    What `by` may is asked anew. Raises NotAuthenticated where they were suspended meanwhile.
    """
    administrators = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR)
    db.session.execute(administrators.order_by(RoleGrant.id).with_for_update())
    forget_actors()
    db.session.refresh(by, ["suspended_at"])
    if not by.is_active:
        raise NotAuthenticated()
