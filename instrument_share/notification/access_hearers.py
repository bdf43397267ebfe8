"""What notification writes when access tells something: plain messages with a page that they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..access.training.models import Qualification, TrainingPlace, TrainingSession
from ..foundation.signals import (
    everything_ended,
    institution_applied,
    institution_decided,
    password_changed,
    people_invited,
    qualification_changed,
    second_factor_reset,
    training_changed,
    vouching_asked,
    vouching_changed,
    way_in_changed,
)
from ..identity.applications.models import InstitutionApplication
from ..identity.applications.rules import ApplicationState
from ..identity.invitations.models import Invitation
from ..identity.models import Institution, Person
from .guests import facts_of_invitation
from .plain import facts_of
from .rules import Kind
from .services import tell

#: What somebody in a training is told of; who passed is told of the qualification instead.
_TRAINING = {
    "booked": Kind.TRAINING_BOOKED,
    "waiting": Kind.TRAINING_WAITING,
    "moved_up": Kind.TRAINING_MOVED_UP,
    "cancelled": Kind.TRAINING_CANCELLED,
    "failed": Kind.TRAINING_FAILED,
}
_QUALIFICATION = {
    "granted": Kind.QUALIFICATION_GRANTED,
    "revoked": Kind.QUALIFICATION_REVOKED,
    "ending": Kind.QUALIFICATION_ENDING,
}
#: What becomes of a liaison's word, and the page on which one goes on.
_VOUCHING = {
    "given": (Kind.VOUCHED, "/"),
    "withdrawn": (Kind.VOUCHING_WITHDRAWN, "/account/vouching"),
}
_WAYS_IN = {"connected": Kind.WAY_IN_CONNECTED, "disconnected": Kind.WAY_IN_DISCONNECTED}
#: Words after which one looks for another training, not at the one that is meant.
_LOOK_ELSEWHERE = frozenset({"cancelled", "failed"})


def connect() -> None:
    vouching_asked.connect(_vouching_asked)
    vouching_changed.connect(_vouching_changed)
    second_factor_reset.connect(_second_factor_reset)
    password_changed.connect(_password_changed)
    everything_ended.connect(_everything_ended)
    way_in_changed.connect(_way_in_changed)
    training_changed.connect(_training_changed)
    qualification_changed.connect(_qualification_changed)
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


def _vouching_changed(person: Person, *, what: str, by: Person, at: datetime, reason: str) -> None:
    kind, path = _VOUCHING[what]
    names = person.institution.names if person.institution else {}
    facts = facts_of(
        path, comment=reason, by=by.display_name, liaison=by.display_name, institution=names
    )
    tell({person.id: kind}, facts, booking_id=None, at=at)


def _second_factor_reset(person: Person, *, at: datetime) -> None:
    facts = facts_of("/account/second-factor")
    tell({person.id: Kind.SECOND_FACTOR_RESET}, facts, booking_id=None, at=at)


def _password_changed(person: Person, *, at: datetime) -> None:
    facts = facts_of("/forgotten-password")
    tell({person.id: Kind.PASSWORD_CHANGED}, facts, booking_id=None, at=at)


def _everything_ended(person: Person, *, at: datetime) -> None:
    facts = facts_of("/account#tokens")
    tell({person.id: Kind.EVERYTHING_ENDED}, facts, booking_id=None, at=at)


def _way_in_changed(person: Person, *, what: str, provider: str, at: datetime) -> None:
    facts = facts_of("/account#ways", provider=provider)
    tell({person.id: _WAYS_IN[what]}, facts, booking_id=None, at=at)


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


def _training_changed(
    session: TrainingSession,
    *,
    places: Collection[TrainingPlace],
    what: str,
    by: Person | None,
    at: datetime,
) -> None:
    people = [place.person_id for place in places]
    if what not in _TRAINING or not people:
        return
    path = "/training" if what in _LOOK_ELSEWHERE else f"/training/{session.reference}"
    facts = {
        "path": path,
        "names": {
            "subject": dict((session.instrument or session.facility).names),
            "reference": session.reference,
        },
        "slot": [session.starts_at.isoformat(), session.ends_at.isoformat()],
        "time_zone": session.time_zone,
        "comment": session.reason if what == "cancelled" else "",
        "by": by.display_name if by else "",
    }
    tell(dict.fromkeys(people, _TRAINING[what]), facts, booking_id=None, at=at)


def _qualification_changed(
    row: Qualification, *, what: str, by: Person | None, at: datetime
) -> None:
    slug = row.instrument.slug
    facts = {
        "path": f"/training?instrument={slug}" if what == "ending" else "/training",
        "names": {
            "instrument": dict(row.instrument.names),
            "day": row.valid_until.isoformat() if row.valid_until else "",
        },
        "comment": row.revoke_reason,
        "by": by.display_name if by else "",
    }
    tell({row.person_id: _QUALIFICATION[what]}, facts, booking_id=None, at=at)
