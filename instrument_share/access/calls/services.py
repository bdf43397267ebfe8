"""Calls are written by those who look after them, and announced to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy.orm.attributes import flag_modified

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import facility_by_slug, instruments_of
from ...foundation.database import db
from ...foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion, Text
from ...foundation.identifiers import new_reference
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission
from ..agreements.models import Agreement
from ..agreements.queries import agreement_of
from . import queries
from .errors import CallFixed, OwnMatter
from .models import Call, Criterion, Offer
from .proposing.queries import is_own_matter
from .rules import CallState, Timetable, is_extension
from .trail import record
from .values import CallDraft

_CHANGEABLE = frozenset({CallState.DRAFT, CallState.ANNOUNCED})


def write_call(draft: CallDraft, *, by: Person, at: datetime) -> Call:
    """Write a call; nobody else sees it before it is announced. Raises Forbidden and InvalidInput."""
    call = Call(reference=new_reference("CALL", 6), created_at=at)
    _write(call, draft, by)
    db.session.add(call)
    record(call, "written", by, at)
    return call


def change_call(
    reference: str, draft: CallDraft, *, by: Person, at: datetime, version: int | None = None
) -> Call:
    """Write a call anew, until it opens. Raises NotFound, CallFixed, StaleVersion, InvalidInput."""
    call = queries.managed_call(reference, by=by, to_change=True)
    if version is not None and version != call.version:
        raise StaleVersion(version=call.version)
    if call.state(at) not in _CHANGEABLE:
        raise CallFixed()
    _write(call, draft, by)
    flag_modified(call, "titles")  # the version rises, too, where only criteria or the like change
    if call.announced_at is not None:
        _check_to_come(call, at)
    record(call, "changed", by, at)
    return call


def announce(reference: str, *, by: Person, at: datetime) -> Call:
    """Show the call to everybody; it opens by itself. Raises NotFound, CallFixed, InvalidInput after its deadline."""
    call = queries.managed_call(reference, by=by, to_change=True)
    if call.state(at) != CallState.DRAFT:
        raise CallFixed()
    _check_to_come(call, at)
    call.announced_at = at
    record(call, "announced", by, at)
    return call


def extend(reference: str, times: Timetable, *, by: Person, at: datetime) -> Call:
    """Give those who answer an announced call, or its reviewers, more time than it said. Nobody ever gets less.

    Raises NotFound, OwnMatter, CallFixed for a draft and once it is decided, and InvalidInput.
    """
    call = queries.managed_call(reference, by=by, to_change=True)
    if is_own_matter(by, call, Permission.MANAGE_CALL):
        raise OwnMatter()
    if call.state(at) in (CallState.DRAFT, CallState.DECIDED):
        raise CallFixed()
    if not is_extension(call.times, times, at):
        sentence = lazy_gettext(
            "Choose later times than those that were announced. A call that has closed stays closed."
        )
        raise InvalidInput(fields={"closes_on": sentence})
    call.closes_at, call.review_until = times.closes_at, times.review_until
    record(
        call, "extended", by, at,
        closes_at=times.closes_at.isoformat(), review_until=times.review_until.isoformat(),
    )  # fmt: skip
    return call


def _check_to_come(call: Call, at: datetime) -> None:
    if call.closes_at <= at:
        sentence = lazy_gettext("Choose a deadline to come: nobody could answer before this one.")
        raise InvalidInput(fields={"closes_on": sentence})


def _write(call: Call, draft: CallDraft, by: Person) -> None:
    facilities = [_facility(slug) for slug in draft.offers]
    if not queries.may_everywhere(actor_of(by), Permission.MANAGE_CALL, facilities):
        raise Forbidden()
    instruments = _chosen(draft, facilities)
    if wrong := _faults(draft):
        raise InvalidInput(fields=wrong)
    call.titles = {tag: text for tag, text in draft.titles.items() if text}
    call.descriptions = {tag: text for tag, text in draft.descriptions.items() if text}
    call.project_kind = draft.project_kind
    call.opens_at, call.closes_at = draft.times.opens_at, draft.times.closes_at
    call.review_until = draft.times.review_until
    call.starts_on, call.ends_on = draft.starts_on, draft.ends_on
    call.agreement = _agreement(draft.agreement, by)
    call.instruments = instruments
    _write_offers(call, draft, facilities)
    _write_criteria(call, draft)


def _write_offers(call: Call, draft: CallDraft, facilities: Sequence[Facility]) -> None:
    """In place: one row for a facility, the first of them keeps the clock."""
    call.facility, call.minutes = facilities[0], sum(draft.offers.values())
    there = {each.facility_id: each for each in call.offers}
    call.offers = [
        there.get(each.id) or Offer(facility=each, facility_id=each.id) for each in facilities
    ]
    for offer in call.offers:
        offer.minutes = draft.offers[offer.facility.slug]


def _write_criteria(call: Call, draft: CallDraft) -> None:
    """In place, so that a position is never taken twice."""
    for position, wanted in enumerate(draft.criteria):
        if position == len(call.criteria):
            call.criteria.append(Criterion(position=position))
        call.criteria[position].names = dict(wanted.names)
        call.criteria[position].weight = wanted.weight
    del call.criteria[len(draft.criteria) :]


def _faults(draft: CallDraft) -> dict[str, Text]:
    times = draft.times
    checks: dict[str, tuple[bool, Text]] = {
        "titles": (any(draft.titles.values()), lazy_gettext("Give the call a title.")),
        "closes_on": (
            times.opens_at < times.closes_at, lazy_gettext("Let it close after it opens."),
        ),
        "review_on": (
            times.closes_at < times.review_until,
            lazy_gettext("Give reviewers time after the deadline."),
        ),
        "ends_on": (
            draft.starts_on <= draft.ends_on,
            lazy_gettext("Choose a last day on or after the first."),
        ),
        "criteria": (bool(draft.criteria), lazy_gettext("Name one criterion at least.")),
    }  # fmt: skip
    return {name: sentence for name, (holds, sentence) in checks.items() if not holds}


def _facility(slug: str) -> Facility:
    try:
        return facility_by_slug(slug)
    except NotFound:
        sentence = lazy_gettext("There is no such facility.")
        raise InvalidInput(fields={"facility": sentence}) from None


def _chosen(draft: CallDraft, facilities: Sequence[Facility]) -> list[Instrument]:
    """The instruments that were named: at least one of each facility, none of another."""
    found = {each.slug: _named(draft, each) for each in facilities}
    known = {instrument.slug for chosen in found.values() for instrument in chosen}
    if strangers := set(draft.instruments) - known:
        sentence = lazy_gettext(
            "These are no instruments of the facilities of this call: %(names)s.",
            names=", ".join(sorted(strangers)),
        )
        raise InvalidInput(fields={"instruments": sentence})
    sentence = lazy_gettext("Choose instruments of this facility.")
    if lacking := [slug for slug, chosen in found.items() if not chosen]:
        raise InvalidInput(fields={f"instruments-{slug}": sentence for slug in lacking})
    return [instrument for chosen in found.values() for instrument in chosen]


def _named(draft: CallDraft, facility: Facility) -> list[Instrument]:
    return [each for each in instruments_of(facility) if each.slug in draft.instruments]


def _agreement(reference: str | None, by: Person) -> Agreement | None:
    if not reference:
        return None
    try:
        return agreement_of(by, reference)
    except NotFound:
        sentence = lazy_gettext("There is no such agreement.")
        raise InvalidInput(fields={"agreement": sentence}) from None
