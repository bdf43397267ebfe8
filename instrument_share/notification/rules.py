"""Who is told what, as one table; how often a mail is tried. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ..booking.happenings import Happening
from ..booking.rules import Action, State
from ..foundation.calendar.document import Method


class Kind(StrEnum):
    """A fact that people are told."""

    VERIFY_MAIL = "verify_mail"
    NEW_PASSWORD = "new_password"  # noqa: S105
    SECOND_FACTOR_RESET = "second_factor_reset"  # by whoever runs the site
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EVERYTHING_ENDED = "everything_ended"  # somebody signed out everywhere
    WAY_IN_CONNECTED = "way_in_connected"  # a provider through which one signs in
    WAY_IN_DISCONNECTED = "way_in_disconnected"
    OFFERED = "offered"
    OFFER_RAN_OUT = "offer_ran_out"
    FREED_TIME = "freed_time"
    RECEIVED = "received"
    DECISION_NEEDED = "decision_needed"
    CONFIRMED = "confirmed"
    EXPECTED = "expected"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    MOVED = "moved"
    MOVED_CONFIRMED = "moved_confirmed"
    EXPECTED_ANEW = "expected_anew"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SETTLED_WITHOUT_YOU = "settled_without_you"
    CALLED_OFF = "called_off"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    HIT = "hit"  # a closure or blocking stands in the booking's way
    SPARED = "spared"  # it does not any more
    CALENDAR_FAILING = "calendar_failing"  # an outside calendar of an instrument
    REMINDER = "reminder"
    DECISION_REMINDER = "decision_reminder"
    DECISION_ESCALATED = "decision_escalated"
    CLOCKS_CHANGED = "clocks_changed"
    INSTITUTION_APPLIED = "institution_applied"
    INSTITUTION_ADMITTED = "institution_admitted"
    INSTITUTION_DECLINED = "institution_declined"
    INVITATION = "invitation"  # to join an institution, to somebody who may have no account
    VOUCHING_ASKED = "vouching_asked"  # a colleague asks their liaison to vouch for them
    VOUCHED = "vouched"  # a liaison vouches for one
    VOUCHING_WITHDRAWN = "vouching_withdrawn"
    TRAINING_BOOKED = "training_booked"
    TRAINING_WAITING = "training_waiting"
    TRAINING_MOVED_UP = "training_moved_up"  # from the line to a seat
    TRAINING_MOVED = "training_moved"  # to another time
    TRAINING_MOVED_IN_LINE = "training_moved_in_line"  # the same for those who wait
    TRAINING_CANCELLED = "training_cancelled"
    TRAINING_FAILED = "training_failed"
    QUALIFICATION_GRANTED = "qualification_granted"
    QUALIFICATION_REVOKED = "qualification_revoked"
    QUALIFICATION_ENDING = "qualification_ending"
    SCREENING_WAITS = "screening_waits"  # for the office
    SCREENING_CLEARED = "screening_cleared"
    SCREENING_ASKED_BACK = "screening_asked_back"
    SCREENING_DECLINED = "screening_declined"
    SCREENING_WITHDRAWN = "screening_withdrawn"
    LETTER_ASKED = "letter_asked"  # of invitation
    LETTER_ISSUED = "letter_issued"
    LETTER_REVOKED = "letter_revoked"
    SAMPLE_SENT = "sample_sent"
    SAMPLE_RECEIVED = "sample_received"
    SAMPLE_MEASURED = "sample_measured"
    SAMPLE_KEPT = "sample_kept"
    SAMPLE_RETURNED = "sample_returned"
    SAMPLE_DESTROYED = "sample_destroyed"
    CONNECTION_READY = "connection_ready"
    ON_DUTY = "on_duty"  # at a remote use
    CHECKS_OPEN = "checks_open"  # the day before one
    CHECKS_OPEN_ON_DUTY = "checks_open_on_duty"
    DATA_READY = "data_ready"
    FAULT_REPORTED = "fault_reported"  # at an instrument
    REMARK = "remark"  # somebody wrote on a booking
    NOTE = "note"  # the same among the offices
    RESULTS_OVERDUE = "results_overdue"
    CREDIT_CONTESTED = "credit_contested"  # somebody objects to an entry of their record
    CREDIT_DECIDED = "credit_decided"
    DIGEST = "digest"  # a mail that holds several others
    QUOTA_NEAR = "quota_near"  # 80 percent of an agreement's quota are gone
    QUOTA_USED_UP = "quota_used_up"
    PROJECT_INVITED = "project_invited"
    PROJECT_LED = "project_led"  # somebody leads a project from now on
    PROJECT_ASKED = "project_asked"  # somebody asks its lead to join
    PROJECT_ACCEPTED = "project_accepted"
    PROJECT_REFUSED = "project_refused"
    PROJECT_JOINED = "project_joined"
    PROJECT_DECLINED = "project_declined"
    PROJECT_REMOVED = "project_removed"
    PROJECT_LEFT = "project_left"
    PROJECT_ALLOCATED = "project_allocated"
    PROPOSAL_RECEIVED = "proposal_received"
    PROPOSAL_NAMED = "proposal_named"  # somebody proposes something with others
    PROPOSAL_LEFT = "proposal_left"  # one of them takes their name out
    PROPOSAL_GRANTED = "proposal_granted"
    PROPOSAL_REFUSED = "proposal_refused"
    DRAFT_NEAR = "draft_near"  # a proposal is not handed in, and its call closes soon
    REVIEWS_NEAR = "reviews_near"  # reviews are soon due
    REVIEWER_APPOINTED = "reviewer_appointed"  # for the proposals of a call
    DEPUTY_NAMED = "deputy_named"
    DEPUTY_WITHDRAWN = "deputy_withdrawn"


class Audience(StrEnum):
    """Whom a fact concerns."""

    APPLICANT = "applicant"
    DECIDERS = "deciders"  # who may decide a step that is pending now
    ASKED_NOW = "asked_now"  # who may decide one that has become pending with this
    ASKED = "asked"  # who was asked for a decision before
    OPERATORS = "operators"  # who runs the instrument
    ON_DUTY = (
        "on_duty"  # the one of them who attends a remote use; all of them while nobody is named
    )
    OFFICE = "office"  # the host's international office


@dataclass(frozen=True, slots=True)
class Tell:
    """After `action`, when it led to one of `to` (from one of `was`), `audience` is told `kind`."""

    action: Action
    audience: Audience
    kind: Kind
    to: frozenset[State] = frozenset(State)
    was: frozenset[State] = frozenset(State)


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


#: Everything but what nobody has asked for yet. Whoever declines an offer knows it, and no calendar holds it.
_ASKED_FOR = frozenset(State) - {State.DRAFT, State.OFFERED}

#: The one table. An approval or a submission may lead to `submitted` (a step is still open) or to
#: `confirmed`.
TOLD: tuple[Tell, ...] = (
    Tell(Action.OFFER, Audience.APPLICANT, Kind.OFFERED),
    Tell(Action.SUBMIT, Audience.APPLICANT, Kind.RECEIVED, to=_only(State.SUBMITTED)),
    Tell(Action.SUBMIT, Audience.DECIDERS, Kind.DECISION_NEEDED, to=_only(State.SUBMITTED)),
    Tell(Action.SUBMIT, Audience.APPLICANT, Kind.CONFIRMED, to=_only(State.CONFIRMED)),
    Tell(Action.SUBMIT, Audience.OPERATORS, Kind.EXPECTED, to=_only(State.CONFIRMED)),
    Tell(Action.APPROVE, Audience.ASKED_NOW, Kind.DECISION_NEEDED, to=_only(State.SUBMITTED)),
    Tell(Action.APPROVE, Audience.APPLICANT, Kind.CONFIRMED, to=_only(State.CONFIRMED)),
    Tell(Action.APPROVE, Audience.OPERATORS, Kind.EXPECTED, to=_only(State.CONFIRMED)),
    Tell(Action.REJECT, Audience.APPLICANT, Kind.REJECTED),
    Tell(Action.REQUEST_CHANGES, Audience.APPLICANT, Kind.CHANGES_REQUESTED),
    Tell(Action.RESCHEDULE, Audience.APPLICANT, Kind.MOVED_CONFIRMED, to=_only(State.CONFIRMED)),
    Tell(
        Action.RESCHEDULE,
        Audience.APPLICANT,
        Kind.MOVED,
        to=frozenset(State) - {State.CONFIRMED},
        was=frozenset(State) - {State.DRAFT},
    ),
    Tell(Action.RESCHEDULE, Audience.DECIDERS, Kind.DECISION_NEEDED, to=_only(State.SUBMITTED)),
    Tell(Action.RESCHEDULE, Audience.OPERATORS, Kind.EXPECTED_ANEW, to=_only(State.CONFIRMED)),
    Tell(
        Action.RESCHEDULE,
        Audience.OPERATORS,
        Kind.CALLED_OFF,
        to=_only(State.SUBMITTED),
        was=_only(State.CONFIRMED),
    ),
    Tell(Action.WITHDRAW, Audience.APPLICANT, Kind.WITHDRAWN),
    Tell(Action.WITHDRAW, Audience.ASKED, Kind.SETTLED_WITHOUT_YOU, was=_only(State.SUBMITTED)),
    Tell(Action.CANCEL, Audience.APPLICANT, Kind.CANCELLED, was=_ASKED_FOR),
    Tell(Action.CANCEL, Audience.ASKED, Kind.SETTLED_WITHOUT_YOU, was=_only(State.SUBMITTED)),
    Tell(Action.CANCEL, Audience.OPERATORS, Kind.CALLED_OFF, was=_only(State.CONFIRMED)),
    Tell(Action.EXPIRE, Audience.APPLICANT, Kind.EXPIRED, was=_ASKED_FOR),
    Tell(Action.EXPIRE, Audience.APPLICANT, Kind.OFFER_RAN_OUT, was=_only(State.OFFERED)),
    Tell(Action.EXPIRE, Audience.ASKED, Kind.SETTLED_WITHOUT_YOU, was=_only(State.SUBMITTED)),
    Tell(Action.FINISH, Audience.APPLICANT, Kind.FINISHED),
    Tell(Action.MARK_NO_SHOW, Audience.APPLICANT, Kind.NO_SHOW),
    Tell(Action.FOLLOW_CLOCKS, Audience.APPLICANT, Kind.CLOCKS_CHANGED),
    Tell(Action.FOLLOW_CLOCKS, Audience.OPERATORS, Kind.CLOCKS_CHANGED, was=_only(State.CONFIRMED)),
)

#: The same for what happens besides the lifecycle.
HAPPENED: dict[Happening, tuple[Audience, Kind]] = {
    Happening.LETTER_ASKED: (Audience.OFFICE, Kind.LETTER_ASKED),
    Happening.LETTER_ISSUED: (Audience.APPLICANT, Kind.LETTER_ISSUED),
    Happening.CONNECTION_READY: (Audience.APPLICANT, Kind.CONNECTION_READY),
    Happening.ON_DUTY: (Audience.ON_DUTY, Kind.ON_DUTY),
    Happening.CHECKS_OPEN: (Audience.APPLICANT, Kind.CHECKS_OPEN),
    Happening.CHECKS_OPEN_ON_DUTY: (Audience.ON_DUTY, Kind.CHECKS_OPEN_ON_DUTY),
    Happening.DATA_READY: (Audience.APPLICANT, Kind.DATA_READY),
    Happening.LETTER_REVOKED: (Audience.APPLICANT, Kind.LETTER_REVOKED),
    Happening.SAMPLE_SENT: (Audience.OPERATORS, Kind.SAMPLE_SENT),
    Happening.SAMPLE_RECEIVED: (Audience.APPLICANT, Kind.SAMPLE_RECEIVED),
    Happening.SAMPLE_MEASURED: (Audience.APPLICANT, Kind.SAMPLE_MEASURED),
    Happening.SAMPLE_KEPT: (Audience.APPLICANT, Kind.SAMPLE_KEPT),
    Happening.SAMPLE_RETURNED: (Audience.APPLICANT, Kind.SAMPLE_RETURNED),
    Happening.SAMPLE_DESTROYED: (Audience.APPLICANT, Kind.SAMPLE_DESTROYED),
}

#: What the calendar attached to a mail asks the reader's program to do; kinds without one carry
#: none.
INVITATION: dict[Kind, Method] = {
    Kind.RECEIVED: Method.REQUEST,
    Kind.CHANGES_REQUESTED: Method.REQUEST,
    Kind.CONFIRMED: Method.REQUEST,
    Kind.EXPECTED: Method.REQUEST,
    Kind.MOVED: Method.REQUEST,
    Kind.MOVED_CONFIRMED: Method.REQUEST,
    Kind.EXPECTED_ANEW: Method.REQUEST,
    Kind.CLOCKS_CHANGED: Method.REQUEST,
    Kind.REJECTED: Method.CANCEL,
    Kind.WITHDRAWN: Method.CANCEL,
    Kind.CANCELLED: Method.CANCEL,
    Kind.EXPIRED: Method.CANCEL,
    Kind.CALLED_OFF: Method.CANCEL,
    Kind.TRAINING_BOOKED: Method.REQUEST,
    Kind.TRAINING_MOVED_UP: Method.REQUEST,
    Kind.TRAINING_MOVED: Method.REQUEST,
    Kind.TRAINING_CANCELLED: Method.CANCEL,
}

#: Told by mail alone: these carry a secret that must not lie about in an inbox.
MAIL_ONLY = frozenset({Kind.INVITATION, Kind.NEW_PASSWORD, Kind.VERIFY_MAIL})

#: In no inbox: there the messages that a digest holds stand themselves.
HIDDEN = MAIL_ONLY | {Kind.DIGEST}

#: Read as soon as the conversation is.
REMARKS = frozenset({Kind.REMARK, Kind.NOTE})

#: A mail is tried this often before it is given up, about two days after the first attempt.
MOST_ATTEMPTS = 12
#: How long a worker may keep the messages it has claimed.
LEASE = timedelta(minutes=10)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


def who_is_told(action: Action, was: State, now: State) -> Iterator[tuple[Audience, Kind]]:
    """Who is told what when `action` led from one state to another."""
    for row in TOLD:
        if row.action == action and now in row.to and was in row.was:
            yield row.audience, row.kind


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts: twice as long each time; None: give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
