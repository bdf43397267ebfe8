"""Reading the shares of co-built facilities."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Facility
from ...foundation.database import db
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, Scope, may, subject
from .models import FacilityShare


def shares_of(facility: Facility) -> Sequence[FacilityShare]:
    """The shares of a facility with their institutions, the largest first."""
    query = select(FacilityShare).where(FacilityShare.facility_id == facility.id)
    return db.session.scalars(_largest_first(query)).all()


def shares_within(
    institution_ids: Collection[int], facility_ids: Collection[int]
) -> Sequence[FacilityShare]:
    """The shares that these institutions own of these facilities, the largest first."""
    if not institution_ids or not facility_ids:
        return []
    query = select(FacilityShare).where(
        FacilityShare.institution_id.in_(institution_ids),
        FacilityShare.facility_id.in_(facility_ids),
    )
    return db.session.scalars(_largest_first(query)).all()


def may_set(person: Person | None, facility: Facility) -> bool:
    """Whether the person may say who owns which share."""
    if person is None:
        return False
    about = subject(host=(Scope("institution", facility.host_id),))
    return may(actor_of(person), Permission.OWN_SHARES, about)


def _largest_first(query: Select[FacilityShare]) -> Select[FacilityShare]:
    return (
        query.where(FacilityShare.percent > 0)
        .options(joinedload(FacilityShare.institution), joinedload(FacilityShare.facility))
        .order_by(FacilityShare.percent.desc(), FacilityShare.id)
    )
