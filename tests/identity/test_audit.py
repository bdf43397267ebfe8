"""The audit trail: chained, append-only, and found out when the guard was switched off."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from instrument_share.cli.identity import verify_audit
from instrument_share.foundation.transaction import perform
from instrument_share.identity import audit
from instrument_share.identity.audit import broken_entries
from tests.support.builders import AT

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
