"""Whom a remark on a booking is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..booking.conversation.models import Remark
from ..booking.conversation.queries import speakers_on
from ..catalogue.queries import scopes_of
from ..identity.acting import holders_of_any
from ..identity.rules import PERMISSIONS, PROGRAMME, Permission, Role, Scope
from .queries import managers_of, people_of
from .rules import Audience, Kind

_NOTING = frozenset(who.role for who in PERMISSIONS[Permission.SEE_NOTES] if who.role)


def told_of_remark(remark: Remark, today: date) -> dict[int, Kind]:
    """The other side, by id: the offices of an applicant's words, the applicant of an office's, the offices of notes.

    Of the offices those are told whose turn it is, who manage the instrument, or who spoke before and still may.
    """
    booking = remark.booking
    spoke = {each.id for each in speakers_on(booking)}
    noting = spoke.intersection(_holders(_NOTING, scopes_of(booking.instrument), today))
    offices = noting | {*managers_of(booking.instrument, today)}
    offices |= {*people_of(Audience.DECIDERS, booking, today)}
    if remark.is_internal:
        return _all_but_its_author(offices - {booking.applicant_id}, remark, Kind.NOTE)
    others = {booking.applicant_id} | _liaisons(remark, spoke - offices, today)
    from_offices = remark.author_id in noting and remark.author_id != booking.applicant_id
    return _all_but_its_author(others if from_offices else others | offices, remark, Kind.REMARK)


def _liaisons(remark: Remark, spoke: set[int], today: date) -> set[int]:
    home = remark.booking.institution_id
    if not home or not spoke - {remark.booking.applicant_id}:
        return set()
    return spoke.intersection(_holders([Role.LIAISON], (Scope("institution", home),), today))


def _holders(roles: Iterable[Role], scopes: tuple[Scope, ...], today: date) -> list[int]:
    return holders_of_any(roles, [PROGRAMME, *scopes], today)


def _all_but_its_author(people: set[int], remark: Remark, kind: Kind) -> dict[int, Kind]:
    return dict.fromkeys(sorted(people - {remark.author_id}), kind)
