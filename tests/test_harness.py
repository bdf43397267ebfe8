"""The harness itself: isolation between tests, counting, the server and the browser."""

from __future__ import annotations

import pytest
from flask import g, request_started
from sqlalchemy import text


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(session, turn):
    session.execute(text("CREATE TABLE only_here (id INTEGER)"))
    session.commit()


def test_requests_do_not_share_the_tests_context(app, client, session):
    g.mark = "the test's own"
    seen = []
    with request_started.connected_to(lambda _: seen.append(g.get("mark")), app):
        client.get("/health/live")
    assert seen == [None]


def test_statements_are_counted_without_transaction_control(session, count_queries):
    with count_queries() as queries:
        session.execute(text("SELECT 1"))
        session.commit()
        session.execute(text("SELECT 2"))
    assert queries.statements == ["SELECT 1", "SELECT 2"]


def test_a_migrated_database_is_ready(client):
    assert client.get("/health/ready").get_json() == {"status": "ready"}
