"""Who is told when a quota is nearly used up, or wholly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from ...access.agreements.models import Agreement
from ...accounting.services.warning import WHOLE, Passed
from ...foundation.database import db
from ...foundation.signals import quota_near
from ...identity.acting import holders_of
from ...identity.models import Institution
from ...identity.rules import Role, Scope
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    quota_near.connect(_quota_near)


def _quota_near(agreement: Agreement, *, passed: Passed, at: datetime) -> None:
    """The liaisons of the partners that are concerned and the hosts' international offices."""
    partners = _partners(agreement, passed)
    people = {
        *_holders(Role.LIAISON, partners, at),
        *_holders(Role.INTERNATIONAL_OFFICE, agreement.hosts, at),
    }
    one = partners[0].names if passed.partner_id != WHOLE else agreement.titles
    facts = plain_facts(
        f"/agreements/{agreement.reference}?year={passed.year}",
        agreement=agreement.titles,
        year=str(passed.year),
        taken_minutes=passed.taken,
        most_minutes=passed.most,
        whose=one,
    )
    kind = Kind.QUOTA_USED_UP if passed.percent >= 100 else Kind.QUOTA_NEAR
    tell(dict.fromkeys(sorted(people), kind), facts, at=at)


def _partners(agreement: Agreement, passed: Passed) -> Sequence[Institution]:
    """The one whose ceiling is meant, or every partner of the agreement."""
    if passed.partner_id != WHOLE:
        return [
            each.institution
            for each in agreement.partners
            if each.institution_id == passed.partner_id
        ]
    countries = [each.country for each in agreement.countries]
    by_country = select(Institution).where(Institution.country.in_(countries))
    named = {each.institution for each in agreement.partners}
    return [*named, *(set(db.session.scalars(by_country)) - named if countries else ())]


def _holders(role: Role, institutions: Iterable[Institution], at: datetime) -> list[int]:
    scopes = [Scope("institution", each.id) for each in institutions]
    return holders_of(role, scopes, at.date()) if scopes else []
