"""What this floor holds about a person: qualifications, trainings, screening and projects."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..identity.own_data.registry import Part, Rows, register
from . import of_erasure
from .agreements.documents.models import AgreementDocument
from .calls.proposing.models import Proposal, Wish, proposal_member
from .calls.reviewing.models import Conflict, Review, Reviewer, Score, UnfinishedReview
from .eligibility.models import VouchingRequest
from .projects.models import Project, ProjectAllocation, ProjectCandidate, project_member
from .screening.models import Screening, ScreeningChecklist
from .training.models import Qualification, TrainingPlace, TrainingSession


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_QUALIFICATIONS, _SCREENING, _PROJECTS, _CALLS, _AGREEMENTS)


_QUALIFICATIONS = Part(
    "qualifications",
    lazy_gettext("Qualifications and trainings"),
    lazy_gettext(
        "What you are trained for, the trainings that you took or gave, and your request to be vouched for."
    ),
    (
        Rows("qualifications", Qualification.person_id),
        Rows(
            "qualifications_you_gave", Qualification.issued_by_id,
            only=("instrument_id", "level", "issued_at"),
        ),
        Rows("places_in_trainings", TrainingPlace.person_id),
        Rows("trainings_you_gave", TrainingSession.trainer_id, without=("remote_url",)),
        Rows("vouching_request", VouchingRequest.person_id),
    ),
    goes=lazy_gettext("Qualifications, places in trainings, and the request to be vouched for."),
    stays=lazy_gettext("Trainings that were given to others."),
    erase=of_erasure.qualifications,
    hindrances=of_erasure.trainings_to_come,
)  # fmt: skip
_SCREENING = Part(
    "screening",
    lazy_gettext("Screening"),
    lazy_gettext("Your answers to the questions of offices, and what they decided."),
    (
        Rows("answers", Screening.person_id),
        Rows(
            "checklists_you_published", ScreeningChecklist.published_by_id,
            only=("institution_id", "screening_class", "version", "published_at"),
        ),
    ),
    stays=lazy_gettext(
        "Answers and the decisions on them: offices must be able to prove whom they let work on what."
    ),
)  # fmt: skip
_PROJECTS = Part(
    "projects",
    lazy_gettext("Projects"),
    lazy_gettext(
        "Joint projects that you belong to, lead, or want to join, and time that you allocated."
    ),
    (
        Rows("memberships", project_member.c.person_id),
        Rows("wishes_and_invitations", ProjectCandidate.person_id),
        Rows("projects_you_lead", Project.lead_id),
        Rows("time_you_allocated", ProjectAllocation.granted_by_id),
    ),
    goes=lazy_gettext("Memberships of projects and wishes to join them."),
    stays=lazy_gettext("Projects, which are without a lead until the office names another."),
    erase=of_erasure.projects,
)
_CALLS = Part(
    "calls",
    lazy_gettext("Calls for proposals"),
    lazy_gettext(
        "Proposals that you lead or support, and what you said of proposals as a reviewer."
    ),
    (
        # What is planned for a proposal is nobody's to know; what was decided is in the messages about it.
        Rows("proposals_you_lead", Proposal.lead_id, without=("granted_minutes", "answer")),
        Rows("time_wished", Wish.proposal_id, (Proposal.lead_id,)),
        Rows("proposals_you_support", proposal_member.c.person_id),
        Rows("calls_you_review", Reviewer.person_id),
        Rows("conflicts_declared", Conflict.reviewer_id, (Reviewer.person_id,)),
        Rows("reviews", Review.reviewer_id, (Reviewer.person_id,)),
        Rows("scores", Score.review_id, (Review.reviewer_id, Reviewer.person_id)),
        Rows("reviews_not_handed_in", UnfinishedReview.reviewer_id, (Reviewer.person_id,)),
        Rows("reviewers_you_appointed", Reviewer.appointed_by_id, only=("call_id", "appointed_at")),
    ),
    goes=lazy_gettext("Reviews that you did not hand in."),
    stays=lazy_gettext("Proposals and reviews, with what became of them."),
    hindrances=of_erasure.proposals_under_review,
    erase=of_erasure.unfinished_reviews,
)
_AGREEMENTS = Part(
    "agreements",
    lazy_gettext("Documents of agreements"),
    lazy_gettext(
        "Documents of agreements that you removed; those that you added are among your files."
    ),
    (Rows("documents_removed", AgreementDocument.removed_by_id, only=("title", "removed_at")),),
    stays=lazy_gettext("Documents of agreements."),
)
