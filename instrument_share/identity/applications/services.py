"""Asking for an institution to take part, admitting it, declining."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import NotFound, StaleVersion
from ...foundation.identifiers import new_reference
from ...foundation.signals import institution_applied, institution_decided
from .. import audit
from ..models import Institution, Person
from ..rules import Role, Scope, Verification
from ..services.roles import write_grant
from ..turns import take_turn
from .errors import AlreadyDecided, AlreadyHere, ReasonMissing, StillWaiting
from .models import InstitutionApplication
from .queries import alike, application_for, deciders, hold_what_waits, may_decide_on, waiting_of
from .rules import ApplicationState, slug_of
from .values import Admission, ApplicationRequest


def apply(request: ApplicationRequest, *, by: Person, at: datetime) -> InstitutionApplication:
    """Ask for an institution to take part; whoever decides is told.

    Raises AlreadyHere where its ROR or a mail domain takes part already, StillWaiting.
    """
    take_turn(by)
    if waiting_of(by) is not None:
        raise StillWaiting()
    for field, _ in alike(request.ror, request.mail_domains):
        raise AlreadyHere(field)
    application = InstitutionApplication(
        reference=new_reference("A"), applicant=by, created_at=at, state=ApplicationState.WAITING,
        names=request.names, ror=request.ror, country=request.country, time_zone=request.time_zone,
        website=request.website, mail_domains=list(request.mail_domains), reason=request.reason,
    )  # fmt: skip
    db.session.add(application)
    db.session.flush()
    audit.record("institution.apply", "institution_application", application.id, by=by.id, at=at)
    institution_applied.send(application, deciders=deciders(), at=at)
    return application


def admit(
    reference: str, admission: Admission, *, by: Person, at: datetime, version: int
) -> Institution:
    """Let an institution take part; who applied belongs to it, is vouched for and, if so decided, its liaison.

    Raises NotFound, StaleVersion, AlreadyDecided, AlreadyHere.
    """
    hold_what_waits()  # two of the same domain are not admitted at once
    application = _to_decide(reference, by, version)
    for field, _ in alike(application.ror, application.mail_domains):
        raise AlreadyHere(field)
    institution = Institution(
        slug=slug_of(application.name("en"), application.reference), names=application.names,
        ror=application.ror, country=application.country, time_zone=application.time_zone,
        kind=admission.kind, mail_domains=application.mail_domains, website=application.website,
    )  # fmt: skip
    application.institution = institution
    db.session.add(institution)
    _decide(application, ApplicationState.ADMITTED, "", by, at)
    _take_in(application.applicant, institution, admission, by, at)
    return institution


def decline(reference: str, comment: str, *, by: Person, at: datetime, version: int) -> None:
    """Do not let an institution take part, and say why.

    Raises NotFound, StaleVersion, AlreadyDecided, ReasonMissing.
    """
    application = _to_decide(reference, by, version)
    if not comment.strip():
        raise ReasonMissing()
    _decide(application, ApplicationState.DECLINED, comment.strip(), by, at)


def _to_decide(reference: str, by: Person, version: int) -> InstitutionApplication:
    application = application_for(by, reference, to_change=True)
    if not may_decide_on(by, application):
        raise NotFound()
    if application.state != ApplicationState.WAITING:
        raise AlreadyDecided()
    if application.version != version:
        raise StaleVersion()
    return application


def _decide(
    application: InstitutionApplication,
    state: ApplicationState,
    comment: str,
    by: Person,
    at: datetime,
) -> None:
    application.state, application.comment = state, comment
    application.decided_by, application.decided_at = by, at
    db.session.flush()
    audit.record(
        f"institution.{state}", "institution_application", application.id, by=by.id, at=at,
        institution=application.institution_id,
    )  # fmt: skip
    institution_decided.send(application, by=by, at=at)


def _take_in(
    person: Person, institution: Institution, admission: Admission, by: Person, at: datetime
) -> None:
    if person.institution_id is None:
        person.institution = institution
    if person.institution is not institution:
        return
    person.verification = Verification.VOUCHED
    scope = Scope("institution", institution.id)
    for role in (Role.RESEARCHER, Role.LIAISON) if admission.as_liaison else (Role.RESEARCHER,):
        write_grant(person, role, scope, by=by, at=at)
