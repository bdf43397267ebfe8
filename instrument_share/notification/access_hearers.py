"""What notification writes when access tells something: plain messages with a page that they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..foundation.signals import (
    institution_applied,
    institution_decided,
    people_invited,
    vouching_asked,
)
from ..identity.applications.models import InstitutionApplication
from ..identity.applications.rules import ApplicationState
from ..identity.invitations.models import Invitation
from ..identity.models import Institution, Person
from .guests import facts_of_invitation
from .rules import Kind
from .services import tell


def connect() -> None:
    vouching_asked.connect(_vouching_asked)
    institution_applied.connect(_institution_applied)
    institution_decided.connect(_institution_decided)
    people_invited.connect(_people_invited)


def _vouching_asked(person: Person, *, liaisons: Collection[int], at: datetime) -> None:
    names = {"applicant": person.display_name, "email": person.email}
    tell(
        dict.fromkeys(liaisons, Kind.VOUCHING_ASKED),
        {"path": "/manage/people", "names": names},
        booking_id=None,
        at=at,
    )


def _institution_applied(
    application: InstitutionApplication, *, deciders: Collection[int], at: datetime
) -> None:
    facts = _facts_of(application) | {"by": application.applicant.display_name}
    kinds = dict.fromkeys(deciders, Kind.INSTITUTION_APPLIED)
    if kinds:
        tell(kinds, facts, booking_id=None, at=at)


def _institution_decided(application: InstitutionApplication, *, by: Person, at: datetime) -> None:
    admitted = application.state == ApplicationState.ADMITTED
    kind = Kind.INSTITUTION_ADMITTED if admitted else Kind.INSTITUTION_DECLINED
    facts = _facts_of(application) | {"comment": application.comment, "by": by.display_name}
    tell({application.applicant_id: kind}, facts, booking_id=None, at=at)


def _people_invited(
    institution: Institution, *, invitations: Collection[Invitation], by: Person, at: datetime
) -> None:
    """Mails to people who may have no account: they are the inviter's messages, and in no inbox."""
    for each in invitations:
        tell({by.id: Kind.INVITATION}, facts_of_invitation(each), booking_id=None, at=at)


def _facts_of(application: InstitutionApplication) -> dict[str, object]:
    return {
        "path": f"/join/institution/{application.reference}",
        "names": {"institution": dict(application.names)},
    }
