"""What this floor does when an account is erased, and what must be settled first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import and_, delete, or_, select, update

from ..foundation.database import db
from ..identity.models import Person
from ..identity.own_data.registry import Erasure, Hindrance
from .calls.models import Call
from .calls.proposing.models import Proposal
from .calls.reviewing.models import Reviewer, UnfinishedReview
from .calls.rules import ProposalState
from .eligibility.models import VouchingRequest
from .projects.models import Project, ProjectCandidate, project_member
from .training.models import Qualification, TrainingPlace, TrainingSession
from .training.rules import STANDING, SessionState


def qualifications(erasure: Erasure) -> None:
    for table in (Qualification, TrainingPlace, VouchingRequest):
        db.session.execute(delete(table).where(table.person_id == erasure.person.id))


def projects(erasure: Erasure) -> None:
    own = erasure.person.id
    db.session.execute(delete(project_member).where(project_member.c.person_id == own))
    db.session.execute(delete(ProjectCandidate).where(ProjectCandidate.person_id == own))
    db.session.execute(update(Project).where(Project.lead_id == own).values(lead_id=None))


def unfinished_reviews(erasure: Erasure) -> None:
    own = select(Reviewer.id).where(Reviewer.person_id == erasure.person.id)
    db.session.execute(delete(UnfinishedReview).where(UnfinishedReview.reviewer_id.in_(own)))


def trainings_to_come(person: Person, at: datetime) -> Iterable[Hindrance]:
    """Whoever teaches is missed, and a seat is somebody else's to have."""
    place = and_(
        TrainingPlace.session_id == TrainingSession.id,
        TrainingPlace.person_id == person.id,
        TrainingPlace.state.in_(sorted(STANDING)),
    )
    found = db.session.scalars(
        select(TrainingSession.reference)
        .outerjoin(TrainingPlace, place)
        .where(
            TrainingSession.state == SessionState.OPEN,
            TrainingSession.ends_at > at,
            or_(TrainingSession.trainer_id == person.id, TrainingPlace.id.is_not(None)),
        )
        .order_by(TrainingSession.starts_at)
    )
    for reference in found:
        yield Hindrance(
            gettext("The training %(reference)s is to come.", reference=reference),
            gettext("Cancel it, or give up the place"),
            "training.show",
            {"reference": reference},
        )


def proposals_under_review(person: Person, at: datetime) -> Iterable[Hindrance]:
    """A proposal that may win time needs somebody who takes it."""
    found = db.session.execute(
        select(Proposal.reference, Call.reference)
        .join(Proposal.call)
        .where(
            Proposal.lead_id == person.id,
            Proposal.state == ProposalState.SUBMITTED,
            Call.decided_at.is_(None),
        )
        .order_by(Proposal.id)
    )
    for reference, call in found:
        yield Hindrance(
            gettext("The proposal %(reference)s waits for a decision.", reference=reference),
            gettext("Withdraw it"),
            "calls.show",
            {"reference": call},
        )
