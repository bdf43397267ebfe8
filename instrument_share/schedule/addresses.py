"""The addresses under which calendars are known outside: public ones, and a person's secret one."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from sqlalchemy import select

from ..foundation.database import db
from ..foundation.transaction import check_not_only_reading
from ..identity.models import Person
from .models import Calendar
from .rules import Secret, token_of

_FOLDERS = {Secret.OWN: "private", Secret.QUEUE: "queue"}


def public_url(endpoint: str, **values: Any) -> str:
    """The absolute address of a feed, by BASE_URL whatever the request came in by."""
    return f"{current_app.config['SETTINGS'].base_url}{url_for(endpoint, **values)}"


def calendar_url(person: Person) -> str:
    """The person's private feed: an absolute, secret address. Needs no request."""
    return secret_url(person, Secret.OWN)


def queue_url(person: Person) -> str:
    """The feed of what waits for the person's decision: an absolute, secret address."""
    return secret_url(person, Secret.QUEUE)


def secret_url(person: Person, secret: Secret) -> str:
    """The address that opens this feed of the person's until it is revoked; nobody else is told. Raises ReadOnly."""
    check_not_only_reading()
    serial = db.session.scalar(
        select(Calendar.secret_serial).where(Calendar.key == f"{secret}:{person.id}")
    )
    token = token_of(secret_key(), secret, person.id, serial or 1)
    return f"{current_app.config['SETTINGS'].base_url}/calendars/{_FOLDERS[secret]}/{token}.ics"


def webcal_url(url: str) -> str:
    """The address as programs take it that open calendars by themselves."""
    return f"webcal://{url.partition('://')[2]}"


def secret_key() -> str:
    """What secret addresses and public UIDs are derived from."""
    return str(current_app.config["SETTINGS"].secret_key)
