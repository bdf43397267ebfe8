"""Reading saved replies: those that a decider may use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import contains_eager

from ....catalogue.models import Facility
from ....catalogue.within import facility_within
from ....foundation.database import db
from ....foundation.errors import NotFound
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, Scope, may, scopes_held, subject
from ...models import Booking
from ...series.models import Series
from .models import SavedReply


def replies_of(person: Person) -> Sequence[SavedReply]:
    """The replies of every facility on whose requests the person decides, with the facility, by title."""
    return db.session.scalars(
        select(SavedReply)
        .join(SavedReply.facility)
        .where(_decided_by(person))
        .options(contains_eager(SavedReply.facility))
        .order_by(Facility.slug, SavedReply.title)
    ).all()


def facilities_decided_by(person: Person) -> Sequence[Facility]:
    """The facilities on whose requests the person decides."""
    query = select(Facility).where(_decided_by(person)).order_by(Facility.slug)
    return db.session.scalars(query).all()


def reply_for(person: Person, reply_id: int) -> SavedReply:
    """The reply, when the person may use and change it. Raises NotFound."""
    reply = db.session.get(SavedReply, reply_id)
    if reply is None or not may_decide_at(person, reply.facility):
        raise NotFound()
    return reply


def may_decide_at(person: Person, facility: Facility) -> bool:
    host = (Scope("facility", facility.id), Scope("institution", facility.host_id))
    return may(actor_of(person), Permission.DECIDE, subject(host=host))


def languages_of(references: Iterable[str]) -> dict[str, str]:
    """The languages of the applicants of bookings and series, by reference, in one statement."""
    wanted = list(references)
    kinds: tuple[type[Booking] | type[Series], ...] = (Booking, Series)
    rows = db.session.execute(
        union_all(
            *(
                select(kind.reference, Person.language)
                .join(Person, Person.id == kind.applicant_id)
                .where(kind.reference.in_(wanted))
                for kind in kinds
            )
        )
    )
    return {reference: language for reference, language in rows}  # noqa: C416 rows are typed


def _decided_by(person: Person) -> ColumnElement[bool]:
    return facility_within(scopes_held(actor_of(person), Permission.DECIDE, "host"))
