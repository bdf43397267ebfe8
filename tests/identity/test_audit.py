"""The audit trail: chained, append-only, and found out when the guard was switched off."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from instrument_share.cli.identity import verify_audit
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity import audit
from instrument_share.identity.audit import broken_entries
from instrument_share.identity.models import AuditHead
from instrument_share.identity.rules import PROGRAMME, Role
from tests.support.builders import AT, grant, make_person
from tests.support.signing import sign_in

OFF = {
    "sqlite": ["DROP TRIGGER audit_entry_no_UPDATE", "DROP TRIGGER audit_entry_no_DELETE"],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
}
TAMPERING = {
    "changed": "UPDATE audit_entry SET action = 'nothing.happened' WHERE sequence = 2",
    "removed": "DELETE FROM audit_entry WHERE sequence = 2",
    "cut off": "DELETE FROM audit_entry WHERE sequence = 3",
    "backdated": "UPDATE audit_entry SET actor_id = 99 WHERE sequence = 1",
}


@pytest.fixture
def trail(session):
    for number in range(1, 4):
        perform(audit.record, "test.happened", "test", number, by=None, at=AT)


def test_an_honest_trail_holds(app, session, trail):
    assert list(broken_entries()) == []
    assert app.test_cli_runner().invoke(verify_audit).exit_code == 0


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
def test_the_database_refuses_and_the_chain_tells(app, session, database, trail, statement):
    with pytest.raises(DBAPIError):
        session.execute(text(statement))
    session.rollback()
    for switch in OFF[database.kind]:
        session.execute(text(switch))
    session.execute(text(statement))
    session.commit()
    assert list(broken_entries())
    result = app.test_cli_runner().invoke(verify_audit)
    assert result.exit_code == 1
    assert "finding" in result.output


def test_an_undone_transaction_leaves_no_entry(session):
    def fail() -> None:
        audit.record("test.happened", "test", 1, by=None, at=AT)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        perform(fail)
    perform(audit.record, "test.happened", "test", 2, by=None, at=AT)
    assert session.execute(text("SELECT subject_id FROM audit_entry")).scalars().all() == ["2"]


def test_what_is_undone_to_a_savepoint_leaves_the_entries_before_it(session):
    def half() -> None:
        audit.record("test.happened", "test", 1, by=None, at=AT)
        with suppress(KeyError), db.session.begin_nested():
            audit.record("test.happened", "test", 2, by=None, at=AT)
            with db.session.begin_nested():
                audit.record("test.happened", "test", 3, by=None, at=AT)
            raise KeyError
        with suppress(IntegrityError), db.session.begin_nested():
            audit.record("test.happened", "test", 4, by=None, at=AT)
            db.session.add(AuditHead(id=1, sequence=0, hash=""))
            db.session.flush()
        audit.record("test.happened", "test", 5, by=None, at=AT)

    perform(half)
    told = session.execute(text("SELECT subject_id FROM audit_entry ORDER BY sequence"))
    assert told.scalars().all() == ["1", "5"]


def test_an_auditor_finds_who_did_what_to_which_thing(client, session):
    auditor, clerk = make_person(), make_person(display_name="Clerk")
    grant(auditor, Role.ADMINISTRATOR, PROGRAMME)
    session.commit()
    perform(audit.record, "letter.issue", "letter", "L-1", by=clerk.id, at=AT, booking="B-1")
    perform(audit.record, "booking.approve", "booking", "B-1", by=clerk.id, at=AT)
    perform(audit.record, "booking.approve", "booking", "B-2", by=None, at=AT + timedelta(days=1))
    sign_in(client, auditor)
    day = AT.date().isoformat()
    for asked, told in {
        "about=B-1": {"L-1", "B-1"},
        "about=B-1&kind=booking": {"B-1"},
        "who=cler": {"L-1", "B-1"},
        f"who={clerk.email}&kind=letter": {"L-1"},
        f"first={day}&last={day}&kind=booking": {"B-1"},
        "kind=booking": {"B-1", "B-2"},
        "about=B-%": set(),
    }.items():
        page = client.get(f"/manage/audit?{asked}").text
        assert set(re.findall(r"<bdi>([BL]-\d)</bdi>", page)) == told, asked
    for wrong in ("first=2026-13-01", "last=9999-12-31"):
        assert client.get(f"/manage/audit?{wrong}").status_code == 422
