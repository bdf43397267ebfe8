"""`backup` and `restore` carry the whole database over; `check` tells what is amiss."""

from __future__ import annotations

import json
import shutil

import pytest
from sqlalchemy import func, select

from instrument_share import create_app
from instrument_share.catalogue.models import Instrument
from instrument_share.cli.accounting import export, verify_ledger
from instrument_share.cli.backup import backup, restore
from instrument_share.cli.check import check
from instrument_share.cli.identity import verify_audit
from instrument_share.cli.worker import worker
from instrument_share.cli.zones import check_zones
from instrument_share.foundation.database import db
from instrument_share.settings import Settings
from tests.support.builders import make_instrument
from tests.support.databases import environment, release
from tests.support.marks import sqlite_only


@pytest.fixture
def empty(tmp_path):
    """An installation whose SQLite database holds nothing yet."""
    environ = environment(f"sqlite:///{tmp_path / 'new.sqlite'}", tmp_path / "new")
    app = create_app(Settings.from_environment(environ))
    yield app
    with app.app_context():
        release(app)


@sqlite_only
def test_what_was_backed_up_comes_back(app, empty, tmp_path):
    with app.app_context():
        make_instrument()
        db.session.commit()
    file = tmp_path / "site.backup"
    assert app.test_cli_runner().invoke(backup, [str(file)]).exit_code == 0
    assert empty.test_cli_runner().invoke(restore, [str(file)]).exit_code == 0
    with empty.app_context():
        assert db.session.scalar(select(func.count()).select_from(Instrument)) == 1


def test_a_backup_that_fails_leaves_no_file(app, database, tmp_path, monkeypatch):
    monkeypatch.setenv("PGSSLMODE", "nonsense")  # nothing of PostgreSQL's can connect with it
    folder = tmp_path if database.kind == "postgresql" else tmp_path / "missing"
    told = app.test_cli_runner().invoke(backup, [str(folder / "site.backup")])
    assert told.exit_code == 1
    assert told.output.startswith("Error: Nothing was backed up.")
    assert not (folder / "site.backup").exists()


@sqlite_only
def test_nothing_is_overwritten(app, tmp_path):
    file = tmp_path / "site.backup"
    run = app.test_cli_runner().invoke
    run(backup, [str(file)])
    assert "exists already" in run(backup, [str(file)]).output
    assert "not empty" in run(restore, [str(file)]).output


def test_a_file_that_is_no_backup_is_refused(empty, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear colleagues")
    told = empty.test_cli_runner().invoke(restore, [str(tmp_path / "letter.txt")])
    assert told.exit_code == 1
    assert "not a backup" in told.output


def test_without_the_client_programs_one_sentence_tells(app, database, tmp_path, monkeypatch):
    if database.kind == "sqlite":
        pytest.skip("SQLite needs no other program")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    told = app.test_cli_runner().invoke(backup, [str(tmp_path / "site.dump")])
    assert (told.exit_code, told.output) == (
        1,
        "Error: Nothing was backed up. pg_dump is not on the path: install PostgreSQL's client programs.\n",
    )


def test_check_looks_at_everything(app):
    found = json.loads(app.test_cli_runner().invoke(check, ["--json"]).output)["findings"]
    assert {each["what"]: each["well"] for each in found} | {"languages": True} == dict.fromkeys(
        ["database", "address", "mail", "instance folder", "storage", "languages", "worker"], True
    )


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (check, []),
        (check, ["--availability"]),
        (verify_audit, []),
        (verify_ledger, []),
        (check_zones, []),
        (worker, ["--once"]),
        (export, ["usage", "use.csv"]),
    ],
)
def test_a_schema_that_is_missing_is_named(empty, command, arguments):
    told = empty.test_cli_runner().invoke(command, arguments)
    assert told.exit_code == 1
    assert "run `instrument-share db upgrade`" in told.output
