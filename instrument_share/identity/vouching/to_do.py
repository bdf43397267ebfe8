"""What waits for liaisons: people of their institution whom nobody has vouched for."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, and_, func, select

from ...foundation.database import db
from .. import waiting
from ..acting import actor_of
from ..models import Person
from ..rules import Permission, Verification, scopes_held
from ..waiting import MOST, Pile, Thing


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("vouching", lazy_gettext("People to vouch for"), _to_vouch_for, place=18)


def _to_vouch_for(person: Person, at: datetime) -> Pile | None:
    own = scopes_held(actor_of(person), Permission.VOUCH, "payer").ids("institution")
    if not own:
        return None
    wait = _wait_in(own)
    total = db.session.scalar(select(func.count(Person.id)).where(wait)) or 0
    first = db.session.scalars(select(Person).where(wait).order_by(Person.id).limit(MOST))
    return Pile([_thing(each) for each in first], total, url_for("identity.people"))


def _wait_in(institutions: list[int]) -> ColumnElement[bool]:
    return and_(
        Person.institution_id.in_(institutions),
        Person.verification == Verification.UNVERIFIED,
        Person.mail_verified_at.is_not(None),
        Person.suspended_at.is_(None),
    )


def _thing(person: Person) -> Thing:
    return Thing(person.display_name, url_for("identity.people", q=person.email), person.email)
