"""`instrument-share serve`: what it needs to start, what runs beside it, and how it stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta

import psutil
import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from instrument_share import cli, create_app
from instrument_share.foundation.clock import now
from tests.support.marks import postgresql_only, sqlite_only
from tests.support.scene import make_scene
from tests.support.server import outer_environment

PATIENCE = 20.0


def eventually(fact, what):
    """Wait until `fact()` holds; fail with `what` when it does not in time."""
    limit = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < limit, what
        time.sleep(0.05)


def run(*arguments, **environ):
    return subprocess.run(
        [sys.executable, "-m", "instrument_share.cli", *arguments],
        env=outer_environment() | environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def workers_beside(server):
    found = psutil.Process(server.pid).children(recursive=True)
    return [process for process in found if _runs(process) and "worker" in process.cmdline()]


def refused(*arguments, **environ):
    """What a command says that ends with status 1; in this process, for one of its own takes seconds to start."""
    environ["INSTRUMENT_SHARE_BASE_URL"] = (
        "http://127.0.0.1:8000"  # else `serve` sets it, and it stays
    )
    loader = ScriptInfo(create_app=create_app)
    ended = CliRunner().invoke(cli.group, arguments, obj=loader, env=environ)
    assert ended.exit_code == 1
    assert isinstance(ended.exception, SystemExit), ended.exception
    return ended.stderr


@sqlite_only
@pytest.mark.slow
def test_on_sqlite_the_worker_runs_beside_the_server_and_sends_mail(session, settings, live_server):
    assert len(workers_beside(live_server)) == 1
    make_scene().ask(starts_at=_tomorrow(), at=now())
    session.commit()
    folder = settings.instance_dir / "mail"
    eventually(lambda: len(list(folder.glob("*.eml"))) == 2, "two mails")
    assert_all_end(live_server, signal.SIGTERM)


@postgresql_only
@pytest.mark.slow
def test_on_postgresql_the_worker_is_a_process_of_its_own(live_server):
    assert workers_beside(live_server) == []


@sqlite_only
@pytest.mark.slow
@pytest.mark.parametrize("message", [signal.SIGINT, signal.SIGKILL])
def test_everything_ends_with_the_server(live_server, message):
    assert_all_end(live_server, message)


def assert_all_end(live_server, message):
    server = psutil.Process(live_server.pid)
    family = server.children(recursive=True)
    assert len(family) >= 3  # two server processes and the worker
    server.send_signal(message)
    eventually(lambda: not any(map(_runs, [server, *family])), "all have ended")


@sqlite_only
def test_a_schema_that_is_behind_is_told(environ, tmp_path):
    environ["INSTRUMENT_SHARE_DATABASE_URL"] = f"sqlite:///{tmp_path / 'new.sqlite'}"
    for command in ("serve", "worker"):
        assert "run `instrument-share db upgrade`" in refused(command, **environ)


@sqlite_only
def test_a_port_that_is_taken_is_told(environ):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "choose another --port" in refused("serve", "--port", port, **environ)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://x"),
        ("BASE_URL", "share.example.edu"),
        ("MAIL_URL", "http://mail"),
        ("DEFAULT_LOCALE", "tlh"),
        ("RATE_LIMITS", "maybe"),
        ("NO_SUCH_THING", "1"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_wrong_setting_is_one_sentence_and_status_2(
    tmp_path, monkeypatch, capsys, setting, value, command
):
    environ = {"SECRET_KEY": "x" * 32, "INSTANCE_DIR": str(tmp_path)} | {setting: value}
    for name, text in environ.items():
        monkeypatch.setenv(f"INSTRUMENT_SHARE_{name}", text)
    monkeypatch.setattr(sys, "argv", ["instrument-share", command])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert len(told.strip().splitlines()) == 1
    assert f"INSTRUMENT_SHARE_{setting}" in told


def test_a_wrong_setting_ends_the_program(tmp_path):
    ended = run("serve", INSTRUMENT_SHARE_INSTANCE_DIR=str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.startswith("INSTRUMENT_SHARE_SECRET_KEY is missing")


def test_help_needs_no_settings():
    ended = run("--help")
    assert ended.returncode == 0
    assert "serve" in ended.stdout
    assert "Traceback" not in ended.stderr


def _runs(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _tomorrow():
    return (now() + timedelta(days=1)).replace(minute=0, second=0)
