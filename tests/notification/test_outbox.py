"""Messages are sent once, tried again, and given up in the end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from instrument_share.foundation import clock
from instrument_share.foundation.database import db
from instrument_share.foundation.signals import mail_address_claimed
from instrument_share.foundation.transaction import perform
from instrument_share.notification.models import Message
from instrument_share.notification.outbox import claim_due, send_due
from instrument_share.notification.rules import LEASE, MOST_ATTEMPTS, Kind
from instrument_share.notification.transport import Undeliverable
from tests.support.builders import AT, make_person


@pytest.fixture
def asked(session, scene):
    """A request whose two messages are due."""
    booking = scene.ask()
    session.commit()
    return booking


def send(post, worker="w1", **more):
    return send_due(post, worker=worker, now=clock.now, **more)


def messages(session):
    session.expire_all()
    return session.scalars(select(Message).order_by(Message.id)).all()


def test_what_is_due_is_sent_once(session, asked, post):
    assert send(post) == 2
    assert send(post) == 0
    assert len(post.mails) == 2
    for message in messages(session):
        assert message.sent_at == AT
        assert message.attempts == 1
        assert message.next_attempt_at is message.claimed_by is None


def test_two_workers_never_send_the_same_message(app, session, scene, post):
    for n in range(30):
        mail_address_claimed.send(make_person(), secret=str(n), at=AT)
    session.commit()
    gate = threading.Barrier(2)

    def work(name):
        with app.app_context():
            gate.wait()
            while send(post, name):
                pass
            db.session.remove()

    workers = [threading.Thread(target=work, args=(name,)) for name in ("w1", "w2")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [mail["Message-ID"] for mail in post.mails]
    assert len(ids) == len(set(ids)) == 30
    assert all(message.attempts == 1 for message in messages(session))


def test_what_another_worker_has_claimed_is_left_alone_until_its_lease_ends(
    session, asked, post, present
):
    claimed = perform(claim_due, worker="dead", at=AT)
    assert len(claimed) == 2
    assert send(post, "w2") == 0
    present.move_to(AT + LEASE)
    assert send(post, "w2") == 2


def test_a_worker_whose_lease_ran_out_writes_nothing_over(session, asked, post, present):
    class Slow:
        def send(self, mail):
            present.move_to(AT + LEASE)
            send(post, "w2")

    send(Slow(), "w1")
    assert len(post.mails) == 2
    assert all(message.attempts == 1 for message in messages(session))


def test_a_stopped_worker_lets_go_of_the_rest(session, asked, post):
    assert send(post, stop=lambda: True) == 0
    assert all(message.claimed_by is None for message in messages(session))
    assert send(post, "w2") == 2


def test_a_failure_is_tried_again_after_a_while_and_given_up_in_the_end(
    session, asked, post, present
):
    post.trouble = OSError("no route to host")
    now, attempts = AT, 0
    while any(message.failed_at is None for message in messages(session)):
        attempts += 1
        assert send(post) == 0
        waiting = [m.next_attempt_at for m in messages(session) if m.next_attempt_at]
        assert all(moment > now for moment in waiting)
        now = max(waiting, default=now)
        present.move_to(now)
    assert attempts == MOST_ATTEMPTS
    assert messages(session)[0].last_error == "OSError: no route to host"
    post.trouble = None
    assert send(post) == 0


def test_a_mail_goes_out_when_the_trouble_is_over(session, asked, post, present):
    post.trouble = OSError("no route to host")
    send(post)
    post.trouble = None
    assert send(post) == 0
    present.move_to(AT + timedelta(minutes=1))
    assert send(post) == 2


def test_what_is_refused_for_good_is_not_tried_again(session, asked, post):
    post.trouble = Undeliverable("550 no such mailbox")
    send(post)
    assert all(message.failed_at == AT for message in messages(session))


def test_one_bad_message_does_not_hold_up_the_others(session, asked, post):
    bad = messages(session)[0]
    bad.facts = {}
    session.commit()
    assert send(post) == 1
    assert messages(session)[0].last_error.startswith("KeyError")


def test_secrets_are_forgotten_once_they_are_sent(session, scene, post):
    mail_address_claimed.send(make_person(), secret="s3cret", at=AT)
    session.commit()
    assert send(post) == 1
    (message,) = messages(session)
    assert message.kind == Kind.VERIFY_MAIL
    assert message.facts == {}


def test_many_messages_go_in_batches(session, scene, post):
    for n in range(45):
        mail_address_claimed.send(make_person(), secret=str(n), at=AT)
    session.commit()
    counts = [send(post) for _ in range(4)]
    assert counts == [20, 20, 5, 0]
    assert session.scalar(select(func.count()).where(Message.sent_at.is_(None))) == 0
