"""Everybody can take along all that is held about them, and nothing that opens anything."""

from __future__ import annotations

import io
import json
import zipfile

from sqlalchemy import select

from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.booking.models import Booking
from instrument_share.foundation.database import db
from instrument_share.identity.models import AuditEntry, Person, RoleGrant
from instrument_share.identity.own_data.registry import parts
from instrument_share.identity.own_data.told import NEVER, rows_of
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.services import issue_token
from tests.permissions.things import LATER
from tests.support.builders import AT, make_person
from tests.support.uploads import PDF, upload

from .conftest import EMAIL, PASSWORD

ADDRESS = "/account/data"


def enter(client, email, password=PASSWORD):
    return client.post("/sign-in", data={"email": email, "password": password})


def unpacked(answer):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_column_that_refers_to_a_person_is_told_once(app):
    """A new table with people in it needs its `Rows` in the `own_data` of its floor."""
    held = {
        str(column)
        for table in db.metadata.tables.values()
        for column in table.columns
        if any(key.column is Person.__table__.c.id for key in column.foreign_keys)
    }
    named = [str(rows.column) for part in parts() for rows in part.rows if not rows.along]
    assert sorted(held) == sorted(held.intersection(named))
    assert len(named) == len(set(named))


def test_names_in_a_part_are_columns(app):
    for part in parts():
        assert len({rows.name for rows in part.rows}) == len(part.rows), part.name
        for rows in part.rows:
            assert set(rows.only + rows.without) <= set(rows.table.c.keys()), rows.name


def test_the_archive_has_what_is_held_and_no_secret(client, session, count_queries, somebody):
    token, _ = issue_token(somebody, "tour", at=LATER)
    say_something(somebody)
    session.commit()
    enter(client, EMAIL)
    assert "Bookings" in client.get(ADDRESS).text
    with count_queries() as with_much:
        files = unpacked(client.post(ADDRESS, data={"password": PASSWORD}))
    assert set(files) >= {f"{part.name}.json" for part in parts()} | {"README.txt"}
    held = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    (account,) = held["account.json"]["account"]
    assert account["email"] == EMAIL
    assert all(row["instrument"] and row["reference"] for row in held["bookings.json"]["bookings"])
    (remark,) = held["conversation.json"]["messages_you_wrote"]
    assert remark["text"] == "Is it cold there?"
    file = held["files.json"]["files"][-1]
    assert files[f"files/{file['id']}-{file['name']}"] == PDF
    for name, rows in (
        ("bookings", "steps"), ("usage", "charges"), ("messages", "messages"), ("visits", "letters"),
        ("samples", "tracks"), ("calls", "proposals_you_lead"), ("audit_trail", "what_you_did"),
    ):  # fmt: skip
        assert held[f"{name}.json"][rows], name
    given = b"".join(files.values()).decode(errors="replace")
    assert token not in given
    for secret in _secrets(session):
        assert secret not in given
    make_person(email="new@example.org", password_hash=somebody.password_hash)
    session.commit()
    enter(client, "new@example.org")
    with count_queries() as with_little:
        client.post(ADDRESS, data={"password": PASSWORD})
    assert with_little.count == with_much.count


def say_something(person):
    """A word on a booking, with a file."""
    reference = db.session.scalar(
        select(Booking.reference).where(Booking.applicant_id == person.id).limit(1)
    )
    words = Words("Is it cold there?", files=(upload(),))
    say(reference, words, by=person, at=LATER)


def _secrets(session):
    """Every value of a secret column in the whole database; short ones and counts say nothing."""
    for table in db.metadata.tables.values():
        for column in table.columns:
            if column.name in NEVER:
                values = session.scalars(select(column).where(column.is_not(None)))
                yield from (each for each in values if isinstance(each, str) and len(each) > 20)


def test_it_is_asked_with_the_password_and_noted(client, session):
    person = make_person(
        email="a@example.org", password_hash=hash_password(PASSWORD), language="zh-Hans"
    )
    enter(client, "a@example.org")
    refused = client.post(ADDRESS, data={"password": "other"})
    assert (refused.status_code, refused.mimetype) == (422, "text/html")
    files = unpacked(client.post(ADDRESS, data={"password": PASSWORD}))
    assert "账户" in files["README.txt"].decode()
    told = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(person.id)))
    assert list(told).count("account.export") == 1


def test_of_office_work_nobody_else_is_told(app, session):
    giver, other = make_person(email="g@example.org"), make_person(email="other@example.org")
    session.add(
        RoleGrant(
            person_id=other.id, role="operator", scope_kind="programme", granted_by_id=giver.id,
            granted_at=AT,
        )
    )  # fmt: skip
    session.flush()
    (rows,) = (rows for part in parts() for rows in part.rows if rows.name == "roles_you_gave")
    (row,) = rows_of(rows, giver.id)
    assert row["role"] == "operator"
    assert other.id not in row.values()
