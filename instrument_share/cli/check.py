"""`instrument-share check`: whether this installation is fit to serve, one line for each thing looked at."""

from __future__ import annotations

import itertools
import json
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from ..settings import Settings

#: Instruments whose free time is computed anew, and differences that are told, at most.
_SAMPLE, _MOST_TOLD = 200, 100
_MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and a sentence that says what to do where it is not."""

    what: str
    well: bool
    told: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--availability",
    is_flag=True,
    help="Compute free time anew instead, and compare it with what is shown.",
)
@click.option(
    "--all", "every", is_flag=True, help="With --availability: every instrument, not 200 of them."
)
@with_appcontext
def check(as_json: bool, availability: bool, every: bool) -> None:
    """Look at settings, database, mail and folders. Exit status 1 where something needs attention."""
    if availability:
        found = list(_availability(None if every else _SAMPLE))
    else:
        found = list(findings(current_app.config["SETTINGS"]))
    if as_json:
        click.echo(json.dumps({"findings": [asdict(finding) for finding in found]}))
    else:
        for finding in found:
            click.echo(f"{'ok  ' if finding.well else 'FAIL'}  {finding.what}: {finding.told}")
    sys.exit(0 if all(finding.well for finding in found) else 1)


def findings(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which an operator would repair them."""
    yield _schema()
    yield _worker()
    yield _address(settings)
    yield _mail(settings)
    yield from _redis(settings)
    yield from _sign_in(settings)
    for what, folder in (
        ("instance folder", settings.instance_dir),
        ("storage", settings.storage_dir),
    ):
        yield _folder(what, folder or settings.instance_dir)
    yield _catalogues()


def _availability(sample: int | None) -> Iterator[Finding]:
    """One finding for each thing that differs, at most so many; or one that all is well."""
    from ..booking.availability.comparison import differences
    from ..foundation.clock import now
    from .database import require_current_schema

    require_current_schema()
    found = list(itertools.islice(differences(now(), sample), _MOST_TOLD))
    if not found:
        yield Finding("free time", True, "what is shown as free is what can be had.")
    for told in found:
        yield Finding("free time", False, told)


def _schema() -> Finding:
    from .database import require_current_schema

    try:
        require_current_schema()
    except click.ClickException as problem:
        return Finding("database", False, problem.message)
    return Finding("database", True, "answers and holds the newest schema.")


def _worker() -> Finding:
    """A worker that fell silent needs attention; before the first start there is nothing to miss."""
    from sqlalchemy.exc import SQLAlchemyError

    from ..foundation.clock import now
    from ..identity.workers import SILENCE, last_seen

    try:
        seen = last_seen()
    except SQLAlchemyError:
        return Finding("worker", False, "cannot be looked for before the database is in order.")
    if seen is None:
        return Finding("worker", True, "none has run yet; `instrument-share worker` starts one.")
    if now() - seen > SILENCE:
        return Finding(
            "worker",
            False,
            f"none was seen since {seen:%Y-%m-%d %H:%M} UTC: start `instrument-share worker`.",
        )
    return Finding("worker", True, f"was seen at {seen:%Y-%m-%d %H:%M} UTC.")


def _address(settings: Settings) -> Finding:
    is_local = urlsplit(settings.base_url).hostname in ("127.0.0.1", "localhost")
    if settings.is_https or is_local:
        return Finding("address", True, settings.base_url)
    return Finding(
        "address", False, f"{settings.base_url} is not https: sign-in would travel in the clear."
    )


def _mail(settings: Settings) -> Finding:
    parts = urlsplit(settings.mail_url)
    if parts.scheme not in _MAIL_PORTS:
        return Finding("mail", True, "is written to files and not sent.")
    port = parts.port or _MAIL_PORTS[parts.scheme]
    try:
        socket.create_connection((parts.hostname or "", port), timeout=5).close()
    except OSError as error:
        return Finding("mail", False, f"{parts.hostname}:{port} does not answer ({error}).")
    return Finding("mail", True, f"{parts.hostname}:{port} answers.")


def _redis(settings: Settings) -> Iterator[Finding]:
    """One finding where rate limits are to be shared."""
    from ..foundation.http.limits import limiter

    if settings.redis_url:
        well = limiter.storage.check()
        yield Finding("redis", well, "answers." if well else "does not answer: look at REDIS_URL.")


def _sign_in(settings: Settings) -> Iterator[Finding]:
    """One finding for each provider of sign-in."""
    from ..identity.openid.doctor import what_ails

    for provider in settings.oidc_providers:
        ails = what_ails(provider, settings.outside_addresses)
        redirect = f"{settings.base_url}/sign-in/with/{provider.name}/back"
        told = f"{provider.issuer} {ails or f'answers; its redirect address here is {redirect}'}"
        yield Finding(f"sign-in with {provider.title}", not ails, told)


def _folder(what: str, folder: Path) -> Finding:
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if os.access(nearest, os.W_OK):
        return Finding(what, True, f"{folder} can be written.")
    return Finding(what, False, f"{folder} cannot be written by this user.")


def _catalogues() -> Finding:
    from ..foundation.languages import DEFAULT, LANGUAGES
    from ..foundation.paths import shipped

    missing = [
        language.tag
        for language in LANGUAGES
        if language != DEFAULT
        and not (shipped("translations") / language.locale / "LC_MESSAGES/messages.mo").exists()
    ]
    if missing:
        return Finding("languages", False, f"no compiled catalogue for {', '.join(missing)}.")
    return Finding("languages", True, "every shipped language has its catalogue.")
