"""`instrument-share db`: where the schema is, up and down."""

from __future__ import annotations

from instrument_share.cli.database import db, newest_revision


def run(app, *arguments):
    return app.test_cli_runner().invoke(db, arguments)


def test_a_current_schema_is_told(app):
    told = run(app, "current")
    assert told.exit_code == 0
    assert told.output.strip() == newest_revision()


def test_a_schema_goes_down_and_up_again(app):
    down = run(app, "downgrade")
    assert down.exit_code == 0, down.output
    behind = run(app, "current")
    assert behind.exit_code == 1
    assert "run `instrument-share db upgrade`" in behind.output
    assert run(app, "upgrade").exit_code == 0
    assert run(app, "current").exit_code == 0
