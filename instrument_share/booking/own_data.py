"""What this floor holds about a person: what they asked for and used, what they said, and what they decided."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..identity.own_data.registry import Part, Rows, register
from . import of_erasure
from .afterwards.models import Aftermath, CreditEntry, Feedback, Publication, PublicationBooking
from .at_instrument.models import Fault
from .conversation.models import Remark, RemarkFile, RemarksRead
from .data_products.models import DataProduct
from .desk.replies.models import SavedReply
from .letters.models import Letter
from .models import ApprovalStep, Booking, Sample
from .policies.models import ApprovalPolicy
from .remote.models import Connection, ConnectionCheck
from .samples.models import SampleStep, SampleTrack
from .series.models import Series
from .visits.models import Visit, Visitor, VisitTask
from .waiting.models import WaitingEntry, WaitingOffer, Watch

_OWN = (Booking.applicant_id,)


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_BOOKINGS, _VISITS, _SAMPLES, _WAITING, _CONVERSATION, _AFTERWARDS, _CREDIT, _OFFICE)


_BOOKINGS = Part(
    "bookings",
    lazy_gettext("Bookings"),
    lazy_gettext("What you booked, each step of the decision with its comment, and your series."),
    (
        Rows("bookings", Booking.applicant_id),
        Rows("steps", ApprovalStep.booking_id, _OWN),
        Rows("series", Series.applicant_id),
        Rows("data_products", DataProduct.booking_id, _OWN),
        Rows("connections", Connection.booking_id, _OWN),
    ),
    goes=lazy_gettext("The purpose of drafts that were never sent."),
    stays=lazy_gettext("Requests and the decisions on them, with their purpose as it was written."),
    erase=of_erasure.drafts,
    hindrances=of_erasure.live_bookings,
)
_VISITS = Part(
    "visits",
    lazy_gettext("Visits and letters"),
    lazy_gettext(
        "Visits for your bookings, the visitors that you named, and the letters of invitation as they were issued."
    ),
    (
        Rows("visits", Visit.booking_id, _OWN),
        Rows("visitors", Visitor.visit_id, (Visit.booking_id, *_OWN)),
        Rows("letters", Letter.booking_id, _OWN),
    ),
    goes=lazy_gettext("The name among the visitors of one's own bookings."),
    stays=lazy_gettext(
        "Letters of invitation as they were issued, with the names in them: they can be verified and cannot be changed."
    ),
    erase=of_erasure.visitors,
)
_SAMPLES = Part(
    "samples",
    lazy_gettext("Samples"),
    lazy_gettext("Samples of your bookings and their way."),
    (
        Rows("samples", Sample.booking_id, _OWN),
        Rows("tracks", SampleTrack.sample_id, (Sample.booking_id, *_OWN)),
        Rows("steps", SampleStep.sample_id, (SampleTrack.sample_id, Sample.booking_id, *_OWN)),
    ),
    stays=lazy_gettext("Samples and their way."),
)
_WAITING = Part(
    "waiting_list",
    lazy_gettext("Waiting list"),
    lazy_gettext("Where you stand in line or watch an instrument, and what you were offered."),
    (
        Rows("entries", WaitingEntry.person_id),
        Rows("offers", WaitingOffer.entry_id, (WaitingEntry.person_id,)),
        Rows("watches", Watch.person_id),
    ),
    goes=lazy_gettext("Places on waiting lists, and instruments that are watched."),
    erase=of_erasure.waiting_list,
)
_CONVERSATION = Part(
    "conversation",
    lazy_gettext("Conversations"),
    lazy_gettext("What you wrote on bookings, with which files, and how far you have read."),
    (
        Rows("messages_you_wrote", Remark.author_id),
        Rows("files_with_them", RemarkFile.remark_id, (Remark.author_id,)),
        Rows("read_until", RemarksRead.person_id),
    ),
    goes=lazy_gettext("How far conversations were read."),
    stays=lazy_gettext(
        "What was written on bookings: it belongs to the decision. Names within such texts stay, too."
    ),
    erase=of_erasure.reading,
)
_AFTERWARDS = Part(
    "after_use",
    lazy_gettext("Feedback and publications"),
    lazy_gettext(
        "What you said after the use, what became of it, and publications that you reported."
    ),
    (
        Rows("feedback", Feedback.booking_id, _OWN),
        Rows("results", Aftermath.booking_id, _OWN),
        Rows("publications", Publication.reported_by_id),
        Rows(
            "publications_and_bookings",
            PublicationBooking.publication_id,
            (Publication.reported_by_id,),
        ),
        Rows("faults_you_reported", Fault.reported_by_id),
    ),
    goes=lazy_gettext("Reminders of results that are owed."),
    stays=lazy_gettext("Feedback, results, publications and faults of instruments."),
    erase=of_erasure.reminders,
)
_CREDIT = Part(
    "credit_record",
    lazy_gettext("Credit record"),
    lazy_gettext(
        "No-shows, late cancellations and overdue results, and what became of your objection."
    ),
    (Rows("entries", CreditEntry.person_id),),
    stays=lazy_gettext("No-shows and late cancellations, which count for the institution."),
)
_OFFICE = Part(
    "in_office",
    lazy_gettext("What you did in an office"),
    lazy_gettext(
        "Your decisions, letters, tasks and other work for bookings of others, without their names."
    ),
    (
        Rows(
            "decisions", ApprovalStep.decided_by_id,
            only=("booking_id", "role", "status", "decided_at", "comment"),
        ),
        Rows(
            "decided_for_you", ApprovalStep.decided_for_id,
            only=("booking_id", "role", "status", "decided_at"),
        ),
        Rows(
            "objections_decided", CreditEntry.decided_by_id, only=("verdict", "answer", "decided_at")
        ),
        Rows("policies_written", ApprovalPolicy.created_by_id, without=("document",)),
        Rows("policies_activated", ApprovalPolicy.activated_by_id, without=("document",)),
        Rows("saved_replies", SavedReply.changed_by_id),
        Rows("letters_issued", Letter.issued_by_id, only=("number", "issued_at")),
        Rows("letters_revoked", Letter.revoked_by_id, only=("number", "revoked_at")),
        Rows("tasks_done", VisitTask.done_by_id, only=("phase", "texts", "done_at")),
        Rows("sample_steps", SampleStep.by_id, only=("step", "at", "note")),
        Rows("connections_operated", Connection.operator_id, only=("booking_id", "changed_at")),
        Rows("checks_done", ConnectionCheck.done_by_id, only=("booking_id", "code", "done_at")),
        Rows("data_described", DataProduct.changed_by_id, only=("booking_id", "changed_at")),
        Rows("faults_settled", Fault.settled_by_id, only=("instrument_id", "settled_at")),
    ),
    stays=lazy_gettext("Decisions and other work in an office."),
    hindrances=of_erasure.needed_in_office,
)  # fmt: skip
