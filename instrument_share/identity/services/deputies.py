"""Standing in: a person's roles exercised by somebody else while they are away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, or_, update

from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound
from ...foundation.localtime import midnight_of
from ...foundation.signals import deputy_changed
from .. import audit
from ..acting import forget_actors
from ..models import Deputy, Person, RoleGrant
from ..queries import lendable_grants, person_by_email
from ..rules import Verification
from ..values import Absence

#: Nobody is away longer at a time: then the role belongs to somebody else.
LONGEST_ABSENCE = timedelta(days=366)


def name_deputy(absence: Absence, *, by: Person, at: datetime) -> Deputy:
    """Let somebody of the same institution do what one's roles may, from day to day; they are told.

    Raises InvalidInput at the field that is wrong.
    """
    grant = _grant_to_lend(absence, by, at)
    deputy = _colleague(absence.email, by)
    where = zone(by.time_zone)
    _check_days(absence, at.astimezone(where).date())
    named = Deputy(
        person=by,
        deputy=deputy,
        grant=grant,
        first_day=absence.first_day,
        last_day=absence.last_day,
        time_zone=by.time_zone,
        starts_at=midnight_of(absence.first_day, where),
        ends_at=midnight_of(absence.last_day + timedelta(days=1), where),
        named_at=at,
    )
    db.session.add(named)
    db.session.flush()
    forget_actors()
    audit.record(
        "deputy.name", "person", by.id, by=by.id, at=at, deputy=deputy.id,
        role=grant.role if grant else "all",
        first_day=absence.first_day.isoformat(), last_day=absence.last_day.isoformat(),
    )  # fmt: skip
    deputy_changed.send(named, at=at)
    return named


def withdraw_deputy(deputy_id: int, *, by: Person, at: datetime) -> Deputy:
    """End it at once; either of the two may, and the deputy is told. Raises NotFound."""
    named = db.session.get(Deputy, deputy_id, with_for_update=True, populate_existing=True)
    is_theirs = named is not None and by.id in (named.person_id, named.deputy_id)
    if named is None or not is_theirs or named.withdrawn_at is not None or named.ends_at <= at:
        raise NotFound()
    named.withdrawn_at = at
    db.session.flush()
    forget_actors()
    audit.record(
        "deputy.withdraw", "person", named.person_id, by=by.id, at=at, deputy=named.deputy_id
    )
    deputy_changed.send(named, at=at)
    return named


def end_deputies_of(person_id: int, at: datetime) -> None:
    """Whoever is suspended neither stands in for anybody nor lends what they have; a reinstated one says so anew."""
    _end(or_(Deputy.person_id == person_id, Deputy.deputy_id == person_id), at)


def end_standing_in(person_id: int, at: datetime) -> None:
    """Whoever is vouched for no more stands in for nobody; what they hold themselves they can still lend."""
    _end(Deputy.deputy_id == person_id, at)


def _end(whose: ColumnElement[bool], at: datetime) -> None:
    query = update(Deputy).where(whose, Deputy.withdrawn_at.is_(None))
    db.session.execute(query.values(withdrawn_at=at))
    forget_actors()


def _grant_to_lend(absence: Absence, by: Person, at: datetime) -> RoleGrant | None:
    own = {grant.id: grant for grant in lendable_grants(by, at)}
    if not own or (absence.grant_id is not None and absence.grant_id not in own):
        raise InvalidInput(
            fields={"role": lazy_gettext("Choose a role that you hold and that can be lent.")}
        )
    return own[absence.grant_id] if absence.grant_id is not None else None


def _colleague(email: str, by: Person) -> Person:
    """One answer for everybody who cannot be named, whether there is an account or not."""
    found = person_by_email(email)
    if (
        found is None
        or found.id == by.id
        or not found.is_active
        or found.verification != Verification.VOUCHED
        or found.institution_id is None
        or found.institution_id != by.institution_id
    ):
        raise InvalidInput(
            fields={
                "email": lazy_gettext(
                    "Nobody else of your institution who is vouched for has this address."
                )
            }
        )
    return found


def _check_days(absence: Absence, today: date) -> None:
    first, last = absence.first_day, absence.last_day
    wrong = {}
    if last < first:
        wrong["last_day"] = lazy_gettext("The last day must not be before the first.")
    elif last < today:
        wrong["last_day"] = lazy_gettext("This day is over. Choose one that is still to come.")
    elif last - today > 2 * LONGEST_ABSENCE or last - first > LONGEST_ABSENCE:
        wrong["last_day"] = lazy_gettext("Choose a year at most, within the next two.")
    if wrong:
        raise InvalidInput(fields=wrong)
