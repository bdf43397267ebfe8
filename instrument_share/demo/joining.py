"""People who are about to join the demonstration's partner: invited, invited long ago, and waiting to be vouched for."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..identity.invitations.rules import Guest
from ..identity.invitations.services import invite
from ..identity.queries import person_by_email
from ..identity.services import create_account
from .people import People

_INVITED = (
    (Guest("doctoral-student@demo.example", "Doctoral student, Almaty", "en"), timedelta(days=2)),
    (Guest("postdoc@demo.example", "Postdoctoral researcher, Almaty", "en"), timedelta(days=20)),
)


def write_joining(people: People, at: datetime) -> None:
    """Invitations of the liaison, and a colleague who has signed up by themself."""
    home = people.researcher.institution
    liaison = person_by_email("liaison@demo.example")
    if home is None or liaison is None:
        return
    for guest, ago in _INVITED:
        invite(guest, home, by=liaison, at=at - ago)
    colleague = create_account(
        "colleague@demo.example", None, "New colleague, Almaty",
        at=at - timedelta(days=1), institution=home, time_zone=home.time_zone, verified=False,
    )  # fmt: skip
    colleague.mail_verified_at = at - timedelta(days=1)
