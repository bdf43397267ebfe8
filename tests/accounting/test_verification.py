"""verify-ledger finds what a hand with the triggers switched off has changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from instrument_share.accounting import services
from instrument_share.accounting.verification import findings

from .story import begin

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)
TABLES = (
    "usage_record",
    "charge_line",
    "money_entry",
    "minutes_entry",
    "statement",
    "statement_line",
)


@pytest.fixture
def billed(session, database, remembered):
    """A billed use; afterwards the ledgers' triggers are off, as for somebody who owns the database."""
    story = remembered(_a_billed_use)
    for table in TABLES:
        if database.kind == "sqlite":
            session.execute(text(f"DROP TRIGGER {table}_no_UPDATE"))
            session.execute(text(f"DROP TRIGGER {table}_no_DELETE"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    session.commit()
    return story


def _a_billed_use():
    story = begin(discounts={"on_site": 50})
    story.used(MARCH, operator_minutes=30)
    services.issue_statements("2026-03", by=story.programme, at=datetime(2026, 4, 2, tzinfo=UTC))
    return story


TAMPERINGS = {
    "longer use": ("UPDATE usage_record SET minutes = minutes + 60", "do not count what was used"),
    "less operator time": ("UPDATE usage_record SET operator_minutes = 0", "do not count what was used"),
    "cheaper rate": ("UPDATE charge_line SET rate_minor = 1 WHERE place = 1", "do not make the amount"),
    "smaller amount": (
        "UPDATE charge_line SET amount_minor = amount_minor - 1, discount_minor = discount_minor + 1",
        "do not make the amount",
    ),
    "line taken away": (
        "DELETE FROM charge_line WHERE place = 2",
        "money ledger has entries for a line that there is not",
    ),
    "other payer": ("UPDATE charge_line SET payer_id = host_id", "money ledger does not hold it"),
    "money gone": ("DELETE FROM money_entry WHERE kind = 'subsidy'", "money ledger does not hold it"),
    "money twice": (
        ("INSERT INTO money_entry (at, kind, debit, debit_institution_id, credit, "
        "credit_institution_id, currency, amount_minor, charge_line_id) SELECT at, kind, debit, "
        "debit_institution_id, credit, credit_institution_id, currency, amount_minor, "
        "charge_line_id FROM money_entry"),
        "money ledger does not hold it",
    ),
    "fewer minutes": ("UPDATE minutes_entry SET minutes = 1 WHERE kind = 'consume'", "but 1 consumed"),
    "no minutes": ("DELETE FROM minutes_entry WHERE kind = 'consume'", "but 0 consumed"),
    "still reserved": ("DELETE FROM minutes_entry WHERE kind = 'release'", "are reserved while it is"),
    "cheaper statement": ("UPDATE statement SET total_minor = 1", "its totals are not the sums"),
    "line unbilled": ("DELETE FROM statement_line", "lists other lines than it bills"),
    "snapshot": ("UPDATE statement SET snapshot = {}", "was changed after it was issued"),
}  # fmt: skip
#: Another currency in the frozen statement.
FORGED = {
    "sqlite": "json_set(snapshot, '$.currency', 'USD')",
    "postgresql": "jsonb_set(snapshot, '{currency}', '\"USD\"')",
}


def test_an_untouched_ledger_holds(billed):
    assert list(findings()) == []


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found(billed, session, database, name):
    statement, sentence = TAMPERINGS[name]
    if name == "line taken away" and database.kind == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(text(statement.replace("{}", FORGED[database.kind])))
    if name != "line taken away":
        session.commit()
    session.expire_all()
    found = list(findings())
    assert any(sentence in each for each in found), found
    session.rollback()


def test_the_command_exits_with_1_and_names_the_place(billed, session, app):
    from instrument_share.cli.accounting import verify_ledger

    runner = app.test_cli_runner()
    assert runner.invoke(verify_ledger, []).exit_code == 0
    session.execute(text("UPDATE charge_line SET rate_minor = 1"))
    session.commit()
    session.expire_all()
    told = runner.invoke(verify_ledger, ["--json"])
    assert told.exit_code == 1
    assert "quantity, rate and discount" in told.output
