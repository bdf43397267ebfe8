"""Who is told what happens to accounts and institutions: ways in, vouching, deputies, joining."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ...foundation.signals import (
    deputy_changed,
    everything_ended,
    institution_applied,
    institution_decided,
    mail_address_claimed,
    password_changed,
    password_forgotten,
    people_invited,
    second_factor_reset,
    vouching_asked,
    vouching_changed,
    way_in_changed,
)
from ...identity.applications.models import InstitutionApplication
from ...identity.applications.rules import ApplicationState
from ...identity.invitations.models import Invitation
from ...identity.models import Deputy, Institution, Person
from ..facts import DeputyFacts, InvitationFacts, PlainFacts, SecretFacts
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell

#: What becomes of a liaison's word, and the page on which one goes on.
_VOUCHING = {
    "given": (Kind.VOUCHED, "/"),
    "withdrawn": (Kind.VOUCHING_WITHDRAWN, "/account/vouching"),
}
_WAYS_IN = {"connected": Kind.WAY_IN_CONNECTED, "disconnected": Kind.WAY_IN_DISCONNECTED}


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    mail_address_claimed.connect(_mail_address_claimed)
    password_forgotten.connect(_password_forgotten)
    deputy_changed.connect(_deputy_changed)
    vouching_asked.connect(_vouching_asked)
    vouching_changed.connect(_vouching_changed)
    second_factor_reset.connect(_second_factor_reset)
    password_changed.connect(_password_changed)
    everything_ended.connect(_everything_ended)
    way_in_changed.connect(_way_in_changed)
    institution_applied.connect(_institution_applied)
    institution_decided.connect(_institution_decided)
    people_invited.connect(_people_invited)


def _mail_address_claimed(person: Person, *, secret: str, at: datetime) -> None:
    tell({person.id: Kind.VERIFY_MAIL}, SecretFacts(secret), at=at)


def _password_forgotten(person: Person, *, secret: str, at: datetime) -> None:
    tell({person.id: Kind.NEW_PASSWORD}, SecretFacts(secret), at=at)


def _vouching_asked(person: Person, *, liaisons: Collection[int], at: datetime) -> None:
    facts = plain_facts("/manage/people", applicant=person.display_name, email=person.email)
    tell(dict.fromkeys(liaisons, Kind.VOUCHING_ASKED), facts, at=at)


def _vouching_changed(person: Person, *, what: str, by: Person, at: datetime, reason: str) -> None:
    kind, path = _VOUCHING[what]
    names = person.institution.names if person.institution else {}
    facts = plain_facts(
        path, comment=reason, by=by.display_name, liaison=by.display_name, institution=names
    )
    tell({person.id: kind}, facts, at=at)


def _second_factor_reset(person: Person, *, at: datetime) -> None:
    facts = plain_facts("/account/second-factor")
    tell({person.id: Kind.SECOND_FACTOR_RESET}, facts, at=at)


def _password_changed(person: Person, *, at: datetime) -> None:
    facts = plain_facts("/forgotten-password")
    tell({person.id: Kind.PASSWORD_CHANGED}, facts, at=at)


def _everything_ended(person: Person, *, at: datetime) -> None:
    facts = plain_facts("/account#tokens")
    tell({person.id: Kind.EVERYTHING_ENDED}, facts, at=at)


def _way_in_changed(person: Person, *, what: str, provider: str, at: datetime) -> None:
    facts = plain_facts("/account#ways", provider=provider)
    tell({person.id: _WAYS_IN[what]}, facts, at=at)


def _institution_applied(
    application: InstitutionApplication, *, deciders: Collection[int], at: datetime
) -> None:
    facts = _facts_of(application, by=application.applicant)
    tell(dict.fromkeys(deciders, Kind.INSTITUTION_APPLIED), facts, at=at)


def _institution_decided(application: InstitutionApplication, *, by: Person, at: datetime) -> None:
    admitted = application.state == ApplicationState.ADMITTED
    kind = Kind.INSTITUTION_ADMITTED if admitted else Kind.INSTITUTION_DECLINED
    facts = _facts_of(application, by=by, comment=application.comment)
    tell({application.applicant_id: kind}, facts, at=at)


def _people_invited(
    institution: Institution, *, invitations: Collection[Invitation], by: Person, at: datetime
) -> None:
    """Mails to people who may have no account: they are the inviter's messages, and in no inbox."""
    for each in invitations:
        tell({by.id: Kind.INVITATION}, InvitationFacts.of(each), at=at)


def _facts_of(application: InstitutionApplication, *, by: Person, comment: str = "") -> PlainFacts:
    page = f"/join/institution/{application.reference}"
    return plain_facts(page, comment=comment, by=by.display_name, institution=application.names)


def _deputy_changed(deputy: Deputy, *, at: datetime) -> None:
    """The deputy is told in both cases; whoever is away said so themselves."""
    kind = Kind.DEPUTY_NAMED if deputy.withdrawn_at is None else Kind.DEPUTY_WITHDRAWN
    tell({deputy.deputy_id: kind}, DeputyFacts.of(deputy), at=at)
