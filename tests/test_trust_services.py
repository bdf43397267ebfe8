"""Services refuse by themselves what is not theirs to do who ask, whatever a face lets through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.access.calls.deciding.services import plan, publish
from instrument_share.access.calls.proposing.services import withdraw
from instrument_share.access.calls.reviewing.services import declare
from instrument_share.access.calls.values import Grant
from instrument_share.access.rules import Level
from instrument_share.access.screening.services import decide as decide_screening
from instrument_share.access.training import services as training_services
from instrument_share.access.training.rules import PlaceState
from instrument_share.accounting.services import issue_statements
from instrument_share.booking import services
from instrument_share.booking.afterwards.credit import contest, decide
from instrument_share.booking.afterwards.rules import Verdict
from instrument_share.booking.afterwards.services import (
    give_feedback,
    report_publication,
    report_results,
)
from instrument_share.booking.afterwards.values import Marks, Paper
from instrument_share.booking.closing import services as closing
from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.booking.models import Booking
from instrument_share.booking.series.services import (
    approve_series,
    cancel_series,
    reject_series,
    request_changes_of_series,
    reschedule_series,
)
from instrument_share.booking.series.values import Reach
from instrument_share.catalogue.outside import services as outside
from instrument_share.catalogue.rules import ExceptionKind
from instrument_share.catalogue.values import Plan
from instrument_share.foundation.errors import Forbidden, NotFound
from instrument_share.foundation.interval import Interval
from tests.support.house import LATER, strangers


def test_the_services_refuse_by_themselves(session, house):
    booking = house.scene.ask(starts_at=LATER + timedelta(days=2), at=LATER)
    people = strangers(house)
    slug = house.scene.instrument.slug
    outage = Plan(ExceptionKind.CLOSURE, Interval(LATER, LATER + timedelta(days=9)), sudden=True)
    acts = {
        "approve": lambda by: services.approve(booking.reference, by=by, at=LATER, version=None),
        "reject": lambda by: services.reject(
            booking.reference, by=by, at=LATER, version=None, comment="no"
        ),
        "cancel": lambda by: services.cancel(booking.reference, by=by, at=LATER, version=None),
        "withdraw": lambda by: services.withdraw(booking.reference, by=by, at=LATER, version=None),
        "feedback": lambda by: give_feedback(
            house.booking.reference, Marks(1, 1, 1), by=by, at=LATER
        ),
        "publish": lambda by: report_publication(
            house.booking.reference, Paper("10.1000/182", "x"), by=by, at=LATER
        ),
        "results": lambda by: report_results(house.booking.reference, "x", by=by, at=LATER),
        "contest": lambda by: contest(1, "x", by=by, at=LATER),
        "decide on a record": lambda by: decide(1, Verdict.LIFTED, "x", by=by, at=LATER),
        "say": lambda by: say(booking.reference, Words("x"), by=by, at=LATER),
        "start": lambda by: services.start(booking.reference, by=by, at=LATER, version=None),
        "reschedule": lambda by: services.reschedule(
            booking.reference,
            by=by,
            at=LATER,
            version=None,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at - timedelta(hours=1),
        ),
        "close": lambda by: closing.enter(slug, outage, by=by, at=LATER),
        "lift": lambda by: closing.lift(slug, 1, by=by, at=LATER),
        "cancel what is hit": lambda by: closing.cancel_hit(
            slug, [booking.reference], "no", by=by, at=LATER
        ),
        "mark": lambda by: training_services.mark(
            house.training, {by.id: PlaceState.PASSED}, by=by, at=LATER
        ),
        "move training": lambda by: training_services.move_session(
            house.training,
            Interval(LATER + timedelta(days=9), LATER + timedelta(days=10)),
            by=by,
            at=LATER,
        ),
        "call off": lambda by: training_services.cancel_session(
            house.training, "no", by=by, at=LATER
        ),
        "clear": lambda by: decide_screening(house.screening, "approve", "", by=by, at=LATER),
        "qualify": lambda by: training_services.grant_qualification(
            by, house.scene.instrument, Level.INDEPENDENT, by=by, at=LATER
        ),
        "demand": lambda by: training_services.set_demands(
            slug, Level.NONE, None, first_use=False, by=by, at=LATER
        ),
        "plan a call": lambda by: plan(
            house.call, {house.proposal: Grant({}, "")}, by=by, at=LATER + timedelta(days=9)
        ),
        "publish a call": lambda by: publish(house.call, by=by, at=LATER + timedelta(days=9)),
        "review": lambda by: declare(house.proposal, "x", by=by, at=LATER + timedelta(days=9)),
        "take a proposal back": lambda by: withdraw(house.proposal, by=by, at=LATER),
        "follow": lambda by: outside.subscribe(slug, "https://a.example/", {}, by=by, at=LATER),
    }
    for who, person in people.items():
        for name, act in acts.items():
            with pytest.raises((NotFound, Forbidden)):
                act(person)
            assert booking.state == "submitted", (who, name)
    with pytest.raises(Forbidden):
        issue_statements(
            "2026-03", by=people["manager"], at=LATER, host=house.scene.instrument.facility.host
        )


def test_the_services_of_series_refuse_by_themselves(session, house):
    start = LATER + timedelta(days=9)
    how = {"at": LATER, "version": None}
    acts = {
        "approve": lambda by: approve_series(house.series, by=by, **how),
        "reject": lambda by: reject_series(house.series, by=by, comment="no", **how),
        "changes": lambda by: request_changes_of_series(house.series, by=by, comment="?", **how),
        "cancel": lambda by: cancel_series(house.series, by=by, reach=Reach(), **how),
        "reschedule": lambda by: reschedule_series(
            house.series, by=by, reach=Reach(), starts_at=start,
            ends_at=start + timedelta(hours=1), **how,
        ),
    }  # fmt: skip
    for who, person in (strangers(house) | {"operator": house.scene.operator}).items():
        for name, act in acts.items():
            with pytest.raises((NotFound, Forbidden)):
                act(person)
            states = {each.state for each in session.query(Booking).filter(Booking.series_id > 0)}
            assert states == {"submitted"}, (who, name)
    for name in ("approve", "reject", "changes"):
        with pytest.raises(Forbidden):
            acts[name](house.scene.applicant)
    with pytest.raises(Forbidden):
        acts["reschedule"](house.scene.manager)
