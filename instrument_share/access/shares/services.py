"""It is said which share of a co-built facility's time an institution owns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ...catalogue.models import Facility
from ...catalogue.queries import facility_by_slug
from ...foundation.database import db
from ...foundation.errors import Forbidden, InvalidInput
from ...foundation.signals import share_changed
from ...identity import audit
from ...identity.models import Institution, Person
from .models import FacilityShare
from .queries import may_set
from .rules import fits


def set_shares(slug: str, percents: Mapping[str, int], *, by: Person, at: datetime) -> Facility:
    """Have institutions (by slug) own so many percent of a facility's time; who is left out owns nothing any more.

    Their minutes of this year and the next are granted, or corrected as far as they are not reserved or used. Raises
    NotFound, Forbidden, and InvalidInput where the shares are more than the whole.
    """
    facility = facility_by_slug(slug)
    if not may_set(by, facility):
        raise Forbidden()
    _take_turns(facility)
    if not fits(percents.values()):
        sentence = lazy_gettext("Write percentages whose sum is at most 100.")
        raise InvalidInput(fields={"shares": sentence})
    owners = _owners(percents)
    changed = _written(facility, owners)
    facility.shared = any(owners.values())
    facility.co_builders = _with_owners(facility, [key for key, part in owners.items() if part])
    db.session.flush()
    audit.record(
        "facility.shares", "facility", facility.slug, by=by.id, at=at, shares=dict(percents)
    )
    for share in changed:
        share_changed.send(share, by=by, at=at)
    return facility


def _written(facility: Facility, owners: Mapping[int, int]) -> list[FacilityShare]:
    """The rows of the shares that are others from now on, in a fixed order."""
    present = _present(facility)
    changed = []
    for institution_id in sorted(owners.keys() | present.keys()):
        percent = owners.get(institution_id, 0)
        share = present.get(institution_id)
        if share is None:
            share = FacilityShare(facility=facility, institution_id=institution_id, percent=0)
            db.session.add(share)
        if share.percent != percent:
            share.percent = percent
            changed.append(share)
    return changed


def _owners(percents: Mapping[str, int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Institution.slug, Institution.id).where(Institution.slug.in_(list(percents)))
    )
    ids = {slug: key for slug, key in rows}  # noqa: C416 rows are typed
    if len(ids) != len(percents):
        raise InvalidInput(fields={"shares": lazy_gettext("There is no such institution.")})
    return {ids[slug]: percent for slug, percent in percents.items()}


def _take_turns(facility: Facility) -> None:
    """One says who owns what after the other: the shares of two together may be more than the whole."""
    db.session.refresh(facility, ["shared"], with_for_update={"key_share": True})
    db.session.expire(facility, ["co_builders"])


def _present(facility: Facility) -> dict[int, FacilityShare]:
    rows = db.session.scalars(
        select(FacilityShare)
        .where(FacilityShare.facility_id == facility.id)
        .with_for_update(key_share=True)
    )
    return {row.institution_id: row for row in rows}


def _with_owners(facility: Facility, owners: list[int]) -> list[Institution]:
    """Whoever owns a share has built the facility, too."""
    known = {each.id for each in facility.co_builders}
    new = db.session.scalars(select(Institution).where(Institution.id.in_(set(owners) - known)))
    return [*facility.co_builders, *new]
