"""Secret addresses of a person that higher floors keep, shown on the account page and in `GET /account`.

A higher floor registers them when it is connected (`schedule.hearers.connect`), so that identity need not know it:

    account_links.register("calendar_url", address_of, renew=renew_address)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .models import Person


class Renew(Protocol):
    """Makes the old address of a person void, and others of its kind. A service: it flushes and never commits."""

    def __call__(self, person: Person, *, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class AccountLink:
    """How to tell a person's address (absolute URL) and, where it can be revoked, how to renew it."""

    address_of: Callable[[Person], str]
    renew: Renew | None = None


_links: dict[str, AccountLink] = {}


def register(name: str, address_of: Callable[[Person], str], renew: Renew | None = None) -> None:
    """Offer an address under the name that `GET /account` gives it. Registering again replaces it."""
    _links[name] = AccountLink(address_of, renew)


def addresses_of(person: Person) -> dict[str, str]:
    """Every registered address of the person by its name."""
    return {name: link.address_of(person) for name, link in _links.items()}


def renew_all(person: Person, *, at: datetime) -> None:
    """Revoke every address of the person that can be; the next ones asked for are new."""
    for link in _links.values():
        if link.renew is not None:
            link.renew(person, at=at)
