"""Fixtures for all tests; tests/README.md shows how they are used."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import hypothesis
import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from instrument_share.foundation.database import db
from instrument_share.identity import passwords
from instrument_share.settings import Settings

from .support import postgres, server
from .support.applications import Applications
from .support.builders import AT
from .support.databases import KINDS, Database, Databases, environment
from .support.house import LATER, House, settled_house
from .support.queries import Queries, counted
from .support.remembered import Remembered
from .support.server import LiveServer, serve
from .support.site import Site

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import scoped_session

T = TypeVar("T")
_SHARED = "TESTS_SHARED_FOLDER"
_RESULTS = Path("test-results")

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


# --- the run: one folder and one PostgreSQL for all workers ---------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("INSTRUMENT_SHARE_")]:
        del os.environ[name]  # the developer's own installation is not what is tested
    gc.disable()  # until all tests are collected: what is imported stays
    if not hasattr(config, "workerinput"):  # workers inherit it
        _keep_what_is_compiled()
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="instrument-share-", dir=_quick_folder())


def _keep_what_is_compiled() -> None:
    """A run starts a hundred processes, and each would compile a thousand files where nothing may be kept."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _quick_folder() -> Path | None:
    """The folder in memory, where the system has one with room: databases are made many times."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return memory if roomy and os.access(memory, os.W_OK) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from .support.scheduling import place

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is there now stays until the end: the collector of garbage need not look at it again and again.

    Nor at what a test makes as often as it would: a process of tests ends before that is much.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from .support.scheduling import Schedule

    return Schedule(config, log)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2id at its lowest cost inside this process; servers of their own pay the full price."""
    recommended = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = recommended


def pytest_unconfigure(config: pytest.Config) -> None:
    gc.collect()
    gc.freeze()  # pytest looks five times more for what was not closed, among all that was ever made
    if not hasattr(config, "workerinput") and _SHARED in os.environ:
        shared = Path(os.environ.pop(_SHARED))
        postgres.stop(shared)
        shutil.rmtree(shared, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    report = yield
    if report.failed:
        for log in server.logs[-3:]:
            report.sections.append((f"server log {log}", server.tail(log)))
        _photograph(item)
    return report


def _photograph(item: pytest.Item) -> None:
    page = getattr(item, "funcargs", {}).get("page")
    if hasattr(page, "screenshot") and not page.is_closed():  # others may call an argument so
        _RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=_RESULTS / (re.sub(r"\W+", "-", item.nodeid) + ".png"), full_page=True)


# --- databases and the application ----------------------------------------------------------------


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Makes databases; most tests use `database` instead."""
    return Databases(Path(os.environ[_SHARED]))


@pytest.fixture(
    params=[
        pytest.param(kind, marks=[pytest.mark.postgresql] if kind == "postgresql" else [])
        for kind in KINDS
    ]
)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Database]:
    """A migrated database of this test's own, on SQLite and on PostgreSQL in turn."""
    if "site" in request.fixturenames:
        assert request.param == "sqlite", "mark this test with @sqlite_only"
        yield request.getfixturevalue("_site").begin_anew()
        return
    marker = request.node.get_closest_marker("contents")
    with (
        databases.fresh(request.param, tmp_path, marker.args[0])
        if marker
        else databases.empty(request.param)
    ) as database:
        yield database


@pytest.fixture
def environ(database: Database, tmp_path: Path) -> dict[str, str]:
    """The environment of the installation under test; change it before using `settings` or `serve`."""
    return environment(database.url, tmp_path / "instance")


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.from_environment(environ)


@pytest.fixture(scope="session")
def applications() -> Applications:
    """Makes applications; most tests use `app` instead."""
    return Applications(Path(os.environ[_SHARED]) / "templates")


@pytest.fixture
def app(settings: Settings, applications: Applications) -> Iterator[Flask]:
    """The application on this test's database. No context is pushed, see `session`."""
    with applications.lent(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Speaks HTTP to the application inside this process; the forms' CSRF check is off."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """The database session inside a pushed application context, for services, queries and rows."""
    with app.app_context():
        yield db.session
        db.session.remove()


@pytest.fixture(scope="session")
def _memories(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Remembered:
    return Remembered(databases, tmp_path_factory.mktemp("remembered"))


@pytest.fixture
def remembered(
    session: scoped_session[Any], database: Database, _memories: Remembered
) -> Callable[[Callable[[], T]], T]:
    """`story = remembered(make_story)`: rows that many tests begin with, made once and then put back."""
    return lambda make: _memories.of(make, database)


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[Queries]]:
    """`with count_queries() as queries: …`, then `assert queries.count <= 12, queries`."""
    return counted


# --- the real server ------------------------------------------------------------------------------


@pytest.fixture
def live_server(environ: dict[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    """The server with two workers on this test's database, `live_server.url`."""
    with serve(environ, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def _site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(databases, tmp_path_factory.mktemp("site"))
    yield site
    site.close()


@pytest.fixture
def site(database: Database, _site: Site) -> LiveServer:
    """The server that this test process keeps, on this test's database (SQLite): for pages in a browser."""
    return _site.served()


# --- when and where ---------------------------------------------------------------------------------


@pytest.fixture
def present() -> Iterator[time_machine.Traveller]:
    """The clock stands at AT, noon of a Monday in Shanghai; `present.shift(…)` moves it on."""
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def house(remembered: Remembered) -> Iterator[House]:
    """Everything that can be somebody's, forty days later: the clock stands at LATER."""
    with time_machine.travel(LATER, tick=False):
        yield remembered(settled_house)


# --- the browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, once per test process."""
    from .support.browsing import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile. Requests to other hosts, policy breaches and script errors fail the test."""
    from .support.browsing import Watch

    watch = Watch()
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    context.on("page", watch.over)
    yield context.new_page()
    context.close()
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with a list of what the page does to hinder people."""
    from .support import browsing

    return browsing.axe
