"""Time that is freed at the same moment, or while the worker looks for it."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from instrument_share.booking import services
from instrument_share.booking.waiting.models import WaitingOffer
from instrument_share.booking.waiting.rules import EntryState
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Person
from tests.booking.waiting.stage import HOUR, TUESDAY, holds, join, sweep
from tests.support.builders import AT
from tests.support.scene import make_scene


def test_two_who_free_time_at_once_serve_two_in_line_and_nobody_twice(app, session):
    scene = make_scene()
    bookings = [scene.ask(starts_at=TUESDAY + n * 4 * HOUR) for n in range(4)]
    entries = [join(scene, until=TUESDAY + 40 * HOUR) for _ in range(4)]
    references = [each.reference for each in bookings]
    applicant_id = scene.applicant.id
    session.commit()
    _at_once([_cancelling(app, each, applicant_id) for each in references])
    session.expire_all()
    offers = session.scalars(select(WaitingOffer)).all()
    assert len({each.entry_id for each in offers}) == len(offers) == 4 == holds(session)
    assert {each.state for each in entries} == {EntryState.OFFERED}


def test_sweeping_and_freeing_at_once_never_offers_the_same_time_twice(app, session):
    scene = make_scene()
    booking = scene.ask()
    for _ in range(3):
        join(scene, since=TUESDAY, until=TUESDAY + 4 * HOUR)
    reference, applicant_id = booking.reference, scene.applicant.id
    session.commit()

    def look() -> None:
        with app.app_context():
            sweep(AT + 2 * HOUR)

    _at_once([_cancelling(app, reference, applicant_id), look, look])
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(WaitingOffer)) == 1 == holds(session)


def _cancelling(app, reference, applicant_id):
    def run() -> None:
        with app.app_context():
            by = db.session.get(Person, applicant_id)
            perform(services.cancel, reference, by=by, at=AT, version=None)

    return run


def _at_once(acts) -> None:
    gate, failures = threading.Barrier(len(acts)), []

    def run(act) -> None:
        gate.wait(timeout=30)
        try:
            act()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
