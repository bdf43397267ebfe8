"""Two approvals at once, and quota for one of them: one is confirmed, the other is told why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.accounting.ledger import quotas_of
from instrument_share.accounting.rules import Quota
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as bookings
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Person

from ..support.builders import AT
from .story import START, begin

ROUNDS = 5


def test_the_last_minutes_of_a_quota_are_given_once(session, app):
    story = begin(yearly_minutes=240 * ROUNDS)
    agreement, office = story.agreement.id, story.office.id
    for day in range(ROUNDS):
        story.agreement.yearly_minutes = 240 * (day + 1)
        pair = []
        for hour in (0, 12):
            booking = story.asked(START + timedelta(days=day, hours=hour))
            bookings.approve(booking.reference, by=story.manager, at=AT, version=None)
            pair.append(booking.reference)
        session.commit()
        assert sorted(_at_once(app, pair, office)) == ["confirmed", "quota_exhausted"]
    session.rollback()
    assert quotas_of([agreement], 2026)[agreement] == Quota(
        granted=240 * ROUNDS, reserved=240 * ROUNDS
    )
    assert list(findings()) == []


def _at_once(app, references, office) -> list[str]:
    """What becomes of each when all are approved at the same moment."""
    barrier = Barrier(len(references))

    def approve(reference: str) -> str:
        with app.app_context():
            person = db.session.get(Person, office)
            barrier.wait()
            try:
                return perform(bookings.approve, reference, by=person, at=AT, version=None).state
            except QuotaExhausted as error:
                return error.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(references)) as pool:
        return list(pool.map(approve, references))
