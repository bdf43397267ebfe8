"""Agreements are written, changed, put into force, suspended, ended and renewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from ...catalogue.models import Facility, Instrument
from ...foundation.database import db
from ...foundation.errors import Forbidden, InvalidInput, StaleVersion
from ...foundation.identifiers import new_reference
from ...foundation.signals import agreement_changed
from ...identity import audit
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.rules import Permission, Scope, may, subject
from ..errors import WrongAgreementState
from ..rules import AgreementState
from . import queries
from .checking import check_draft
from .models import Agreement, AgreementCountry, AgreementDiscount, AgreementPartner
from .rules import EDITABLE, may_become
from .use import use_of
from .values import AgreementDraft


def create_agreement(draft: AgreementDraft, *, by: Person, at: datetime) -> Agreement:
    """Write an agreement down, or the renewal of one; it opens nothing until it is activated.

    Raises InvalidInput where parties or days are missing or contradict each other, and Forbidden where `by` does not
    speak for every host.
    """
    check_draft(draft)
    predecessor = _predecessor(draft, by)
    agreement = Agreement(
        reference=draft.reference or new_reference("AG", 6), state=AgreementState.DRAFT
    )
    _write(agreement, draft)
    _check_may_manage(agreement, by)
    db.session.add(agreement)
    agreement.predecessor = predecessor
    _tell(agreement, "renewal" if predecessor else "created", by, at)
    return agreement


def change_agreement(
    reference: str, draft: AgreementDraft, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """Write an agreement anew. One in force is granted more, or corrected to less, from this year on.

    Raises as `create_agreement`; StaleVersion, WrongAgreementState where it has ended, and InvalidInput for a quota
    below what is reserved and used of it.
    """
    agreement = _agreement_to_change(reference, by, version)
    if agreement.state not in EDITABLE:
        raise WrongAgreementState()
    check_draft(draft, on=agreement)
    before = _terms_of(agreement)
    _write(agreement, draft)
    _check_may_manage(agreement, by)
    _check_quota_holds(agreement, at)
    changed = [name for name, value in _terms_of(agreement).items() if before[name] != value]
    if changed:
        # The version rises, too, where only partners or the like change.
        flag_modified(agreement, "state")
        _tell(agreement, "changed", by, at, fields=changed)
    return agreement


def activate_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """Put an agreement into force: its quota is granted and its partners may book under it.

    Raises NotFound, Forbidden, StaleVersion, and WrongAgreementState where it has ended.
    """
    return _move(reference, AgreementState.ACTIVE, by, at, version)


def suspend_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """Stop new bookings under an agreement for a while. Raises as `activate_agreement` does."""
    return _move(reference, AgreementState.SUSPENDED, by, at, version)


def end_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """End an agreement for good. Raises as `activate_agreement` does."""
    return _move(reference, AgreementState.ENDED, by, at, version)


def _move(
    reference: str, state: AgreementState, by: Person, at: datetime, version: int | None
) -> Agreement:
    agreement = _agreement_to_change(reference, by, version)
    if not may_become(agreement.state, state):
        raise WrongAgreementState()
    agreement.state = state
    _tell(agreement, state, by, at)
    return agreement


def _agreement_to_change(reference: str, by: Person, version: int | None) -> Agreement:
    agreement = queries.agreement_of(by, reference)
    _check_may_manage(agreement, by)
    if version is not None and version != agreement.version:
        raise StaleVersion(version=agreement.version, state=agreement.state)
    return agreement


def _write(agreement: Agreement, draft: AgreementDraft) -> None:
    """Everything that a draft says; rows that stay are kept, so that nothing is written twice."""
    agreement.titles = {tag: text for tag, text in draft.titles.items() if text}
    agreement.valid_from, agreement.valid_until = draft.valid_from, draft.valid_until
    agreement.yearly_minutes = draft.yearly_minutes
    agreement.carry_rule, agreement.carry_amount = draft.carry_rule, draft.carry_amount
    agreement.hosts = _named(Institution, draft.hosts, "hosts")
    agreement.facilities = _of_hosts(_named(Facility, draft.facilities, "facilities"), agreement)
    agreement.instruments = _of_hosts(
        _named(Instrument, draft.instruments, "instruments"), agreement
    )
    _write_partners(agreement, draft.partners)
    _write_rows(agreement.countries, {code: {} for code in draft.countries}, "country", _country)
    _write_rows(
        agreement.discounts,
        {mode: {"percent": percent} for mode, percent in draft.discounts.items()},
        "mode",
        AgreementDiscount,
    )


def _country(country: str) -> AgreementCountry:
    return AgreementCountry(country=country)


def _write_partners(agreement: Agreement, ceilings: Mapping[str, int | None]) -> None:
    institutions = {each.id: each for each in _named(Institution, ceilings, "partners")}
    present = {row.institution_id: row for row in agreement.partners}
    for key, row in present.items():
        if key not in institutions:
            agreement.partners.remove(row)
    for key, institution in institutions.items():
        if key not in present:
            present[key] = AgreementPartner(institution=institution, institution_id=key)
            agreement.partners.append(present[key])
        present[key].yearly_minutes = ceilings[institution.slug]


def _write_rows(
    rows: list[Any], wanted: Mapping[str, Mapping[str, Any]], key: str, make: Any
) -> None:
    present = {getattr(row, key): row for row in rows}
    for name in present.keys() - wanted.keys():
        rows.remove(present[name])
    for name, values in wanted.items():
        if name not in present:
            rows.append(make(**{key: name, **values}))
        for field, value in values.items():
            setattr(present.get(name, rows[-1]), field, value)


def _predecessor(draft: AgreementDraft, by: Person) -> Agreement | None:
    """The agreement that is renewed. Its time and the renewal's do not overlap, so no day has two quotas of it."""
    if draft.predecessor is None:
        return None
    predecessor = queries.agreement_of(by, draft.predecessor)
    _check_may_manage(predecessor, by)
    if predecessor.state == AgreementState.DRAFT or predecessor.successor is not None:
        raise WrongAgreementState()
    check_draft(draft, after=predecessor.valid_until)
    return predecessor


def _check_quota_holds(agreement: Agreement, at: datetime) -> None:
    """Minutes that are reserved or used are not taken back."""
    for year in range(at.year, min(agreement.valid_until.year, at.year + 1) + 1):
        use = use_of(agreement, year)
        if use.granted and agreement.yearly_minutes + use.carried < use.total.taken:
            raise InvalidInput(
                fields={
                    "yearly_hours": lazy_gettext(
                        "%(hours)s hours are reserved or used in %(year)s already. "
                        "Agree on no less, or cancel bookings first.",
                        hours=-(-use.total.taken // 60),
                        year=str(year),
                    )
                }
            )


def _tell(agreement: Agreement, what: str, by: Person, at: datetime, **details: Any) -> None:
    db.session.flush()
    audit.record(f"agreement.{what}", "agreement", agreement.reference, by=by.id, at=at, **details)
    agreement_changed.send(agreement, by=by, at=at)


def _terms_of(agreement: Agreement) -> dict[str, Any]:
    """What the trail compares: an agreement's terms as plain values."""
    return {
        "titles": dict(agreement.titles),
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
        "yearly_minutes": agreement.yearly_minutes,
        "carry": (agreement.carry_rule, agreement.carry_amount),
        "hosts": {each.slug for each in agreement.hosts},
        "partners": {(each.institution_id, each.yearly_minutes) for each in agreement.partners},
        "countries": {each.country for each in agreement.countries},
        "facilities": {each.slug for each in agreement.facilities},
        "instruments": {each.slug for each in agreement.instruments},
        "discounts": {(each.mode, each.percent) for each in agreement.discounts},
    }


def _check_may_manage(agreement: Agreement, by: Person) -> None:
    """Nobody opens another host's instruments: `by` must speak for each of them."""
    actor = actor_of(by)
    for host in agreement.hosts:
        about = subject(host=(Scope("institution", host.id),))
        if not may(actor, Permission.MANAGE_AGREEMENT, about):
            raise Forbidden()


def _named(kind: Any, slugs: Iterable[str], field: str) -> list[Any]:
    wanted = list(slugs)
    if not wanted:
        return []
    found = db.session.scalars(select(kind).where(kind.slug.in_(wanted)).order_by(kind.slug)).all()
    if len(found) != len(set(wanted)):
        raise InvalidInput(fields={field: _UNKNOWN[field]})
    return list(found)


def _of_hosts(rows: list[Any], agreement: Agreement) -> list[Any]:
    """An agreement covers only what its hosts have."""
    hosts = {host.id for host in agreement.hosts}
    for row in rows:
        facility = row if isinstance(row, Facility) else row.facility
        if facility.host_id not in hosts:
            field = "facilities" if isinstance(row, Facility) else "instruments"
            raise InvalidInput(fields={field: lazy_gettext("Choose only what the hosts have.")})
    return rows


_UNKNOWN = {
    "hosts": lazy_gettext("There is no such institution."),
    "partners": lazy_gettext("There is no such institution."),
    "facilities": lazy_gettext("There is no such facility."),
    "instruments": lazy_gettext("There is no such instrument."),
}
