"""People come to a project and go: by invitation, by asking, by leaving."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from ....foundation.errors import Forbidden, InvalidInput, NotFound
from ....identity.models import Person
from ....identity.queries import person_by_email
from ..errors import LeadStays
from ..models import Project, ProjectCandidate
from ..queries import project_of, standing_of
from ..rules import CandidateKind
from .acting import check_runs, led, tell


def invite(reference: str, email: str, *, by: Person, at: datetime) -> ProjectCandidate:
    """Ask somebody to take part; they are a member once they agree. Who asked to join before is taken in at once.

    Raises InvalidInput where nobody of that address can be invited, ProjectOver, Forbidden.
    """
    project, _ = led(reference, by)
    check_runs(project, at)
    person = person_by_email(email)
    if person is None or not person.is_active:
        raise InvalidInput(
            fields={"email": lazy_gettext("Nobody has an account with this address.")}
        )
    if any(each.id == person.id for each in project.members):
        raise InvalidInput(fields={"email": lazy_gettext("This person is a member already.")})
    present = _candidate(project, person.id)
    if present is not None and present.kind == CandidateKind.ASKS:
        _take_in(project, present)
        tell(project, "accepted", by, at, person=person)
        return present
    candidate = present or ProjectCandidate(
        person=person, person_id=person.id, kind=CandidateKind.INVITED, note="", at=at
    )
    if present is None:
        project.candidates.append(candidate)
        tell(project, "invited", by, at, person=person)
    return candidate


def answer_invitation(reference: str, accept: bool, *, by: Person, at: datetime) -> Project:
    """Agree to take part, or decline. Raises NotFound where nobody asked."""
    project = project_of(reference, to_change=True)
    candidate = _candidate(project, by.id)
    if candidate is None or candidate.kind != CandidateKind.INVITED:
        raise NotFound()
    if accept:
        check_runs(project, at)
        _take_in(project, candidate)
    else:
        project.candidates.remove(candidate)
    tell(project, "joined" if accept else "declined", by, at, person=by)
    return project


def ask_to_join(reference: str, note: str, *, by: Person, at: datetime) -> Project:
    """Ask the lead for a place; who was invited is a member at once. Asking again changes the note.

    Raises ProjectOver.
    """
    project = project_of(reference, to_change=True)
    check_runs(project, at)
    if any(each.id == by.id for each in project.members):
        return project
    candidate = _candidate(project, by.id)
    if candidate is not None and candidate.kind == CandidateKind.INVITED:
        return answer_invitation(reference, True, by=by, at=at)
    if candidate is not None:
        candidate.note = note
        return project
    project.candidates.append(
        ProjectCandidate(person=by, person_id=by.id, kind=CandidateKind.ASKS, note=note, at=at)
    )
    tell(project, "asked", by, at, person=by, note=note)
    return project


def answer_request(
    reference: str, person_id: int, accept: bool, *, by: Person, at: datetime
) -> Project:
    """Take somebody in who asked to join, or not; they are told. Raises NotFound where nobody asked."""
    project, _ = led(reference, by)
    candidate = _candidate(project, person_id)
    if candidate is None or candidate.kind != CandidateKind.ASKS:
        raise NotFound()
    if accept:
        check_runs(project, at)
        _take_in(project, candidate)
    else:
        project.candidates.remove(candidate)
    tell(project, "accepted" if accept else "refused", by, at, person=candidate.person)
    return project


def remove_member(reference: str, person_id: int, *, by: Person, at: datetime) -> Project:
    """End somebody's part in a project, or their invitation: the lead everybody's, members their own.

    Raises NotFound, Forbidden, LeadStays.
    """
    project = project_of(reference, to_change=True)
    standing = standing_of(by, project)
    if person_id != by.id and not standing.may_lead:
        raise Forbidden() if standing.is_inside else NotFound()
    if person_id == project.lead_id:
        raise LeadStays()
    candidate = _candidate(project, person_id)
    member = next((each for each in project.members if each.id == person_id), None)
    if candidate is None and member is None:
        raise NotFound()
    if candidate is not None:
        project.candidates.remove(candidate)
    if member is not None:
        project.members.remove(member)
    gone = member or (candidate.person if candidate else by)
    tell(project, "left" if gone.id == by.id else "removed", by, at, person=gone)
    return project


def _candidate(project: Project, person_id: int) -> ProjectCandidate | None:
    return next((it for it in project.candidates if it.person_id == person_id), None)


def _take_in(project: Project, candidate: ProjectCandidate) -> None:
    project.candidates.remove(candidate)
    project.members.append(candidate.person)
