"""What our columns, functions and connections promise on both engines."""

from __future__ import annotations

import hashlib

import psycopg
import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import ProgrammingError

from instrument_share.foundation import database as house
from instrument_share.foundation.database import db, sha256
from instrument_share.foundation.reading import read_row
from tests.support.marks import postgresql_only


def test_sha256_is_that_of_python(session):
    for spoken in ("", "薄膜 é 🔬", '[1,"a"]'):
        expected = hashlib.sha256(spoken.encode()).hexdigest()
        assert session.scalar(select(sha256(literal(spoken)))) == expected


def test_a_row_is_read_outside_of_the_session(session):
    assert read_row(select(literal(1).label("one")), {}).one == 1
    assert not session().in_transaction()
    with (
        db.engine.connect() as connection
    ):  # and the next one who has that connection works in a transaction
        connection.execute(text("UPDATE audit_head SET sequence = 7"))
        connection.rollback()
    assert read_row(text("SELECT sequence FROM audit_head"), {}).sequence == 0


@postgresql_only
def test_a_connection_that_rested_is_tried_before_it_is_used(session, database, monkeypatch):
    with db.engine.connect() as connection:
        gone = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(database.url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])
    monkeypatch.setattr(house, "_RESTED", 0.0)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != gone


@postgresql_only
def test_a_cursor_tells_its_columns_to_whoever_asks(session, database):
    cursor = session.connection().connection.cursor()
    assert cursor.execute("SELECT 1 AS one, 'x' AS two").description[1].name == "two"
    assert [column.name for column in cursor.description] == ["one", "two"]
    assert cursor.execute("SELECT").description == []
    assert cursor.execute("CREATE TEMPORARY TABLE nothing ()").description is None


@postgresql_only
def test_a_statement_stays_prepared_when_a_transaction_is_rolled_back(session, database):
    asked = text("SELECT count(*) FROM person WHERE id = :id")
    with db.engine.connect() as connection:
        for number in range(8):
            connection.execute(asked, {"id": number})
            connection.rollback()
        with pytest.raises(ProgrammingError):
            connection.execute(text("SELECT * FROM nowhere"))
        connection.rollback()
        prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :which")
        assert connection.scalar(prepared, {"which": "SELECT count(*) FROM person WHERE id%"}) == 1
        connection.execute(text("DROP TABLE IF EXISTS nowhere"))
        connection.rollback()
        assert connection.scalar(prepared, {"which": "%"}) == 0


def test_a_rollback_undoes_what_was_written(session, database):
    with db.engine.connect() as connection:
        connection.execute(text("UPDATE audit_head SET sequence = 7"))
        connection.rollback()
        assert not connection.in_transaction()
        assert connection.scalar(text("SELECT sequence FROM audit_head")) == 0
