"""Vouching for a whole list of people: planned first, with nothing written, then done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from ...foundation.database import db
from ..invitations.queries import unused_for
from ..invitations.rules import InvitationState
from ..invitations.services import invite_all
from ..invitations.standing import states_of
from ..models import Institution, Person
from ..rules import Verification
from ..services import vouch
from .errors import FaultyList
from .reading import read_list
from .values import Deed, Line, Planned


def plan(lines: Sequence[Line], institution: Institution, at: datetime) -> list[Planned]:
    """What is to become of each: nothing is told of people who are not of the institution."""
    emails = [line.guest.email for line in lines]
    people = _colleagues(institution, emails)
    unused = unused_for(institution, emails)
    states = states_of(unused.values(), at)
    invited = {email for email, each in unused.items() if states[each.id] is InvitationState.OPEN}
    return [Planned(line, _deed(people.get(line.guest.email), line, invited)) for line in lines]


def vouch_for_all(
    text: str, institution: Institution, *, by: Person, at: datetime
) -> list[Planned]:
    """Vouch for the people of the institution on the list and invite the others; repeated, it changes nothing.

    Raises FaultyList where a cell is wrong, NotFound for an institution that is not the liaison's own.
    """
    reading = read_list(text)
    if reading.faults:
        raise FaultyList()
    planned = plan(reading.lines, institution, at)
    people = _colleagues(institution, [each.line.guest.email for each in planned])
    for each in planned:
        if each.deed is Deed.VOUCH:
            vouch(people[each.line.guest.email].id, by=by, at=at)
    guests = [each.line.guest for each in planned if each.deed is Deed.INVITE]
    invite_all(guests, institution, by=by, at=at)
    return planned


def _colleagues(institution: Institution, emails: Sequence[str]) -> dict[str, Person]:
    rows = db.session.scalars(
        select(Person).where(Person.institution_id == institution.id, Person.email.in_(emails))
    )
    return {each.email: each for each in rows}


def _deed(person: Person | None, line: Line, invited: set[str]) -> Deed:
    if person is None:
        return Deed.NONE if line.guest.email in invited else Deed.INVITE
    if not person.is_active:
        return Deed.SUSPENDED
    return Deed.NONE if person.verification == Verification.VOUCHED else Deed.VOUCH
