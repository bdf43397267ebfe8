"""The page that a message leads to."""

from __future__ import annotations

from collections.abc import Mapping

from ..identity.invitations.links import path_of
from .facts import (
    BookingFacts,
    CalendarFacts,
    DeputyFacts,
    FreedTimeFacts,
    InvitationFacts,
    PlainFacts,
    SecretFacts,
    SeriesFacts,
    facts_in,
)
from .models import Message
from .rules import Kind

#: Where the secret of a mail leads to.
_SECRET_PAGES: Mapping[Kind, str] = {
    Kind.VERIFY_MAIL: "/verify-mail",
    Kind.NEW_PASSWORD: "/forgotten-password",
}
#: What of a booking's page is meant; all of it by the kinds that are not named.
_PARTS_OF_BOOKING: Mapping[Kind, str] = {
    Kind.REMARK: "#conversation",
    Kind.NOTE: "#conversation",
    Kind.CHECKS_OPEN: "#connection",
    Kind.CHECKS_OPEN_ON_DUTY: "#connection",
    Kind.RESULTS_OVERDUE: "/afterwards#results",
    Kind.HIT: "/reschedule",
}


def page_of(message: Message) -> str:
    """The path of the page that a message's button leads to."""
    facts, kind = facts_in(message), Kind(message.kind)
    match facts:
        case BookingFacts(credit_entry=int(entry)):
            return f"/account/credit/{entry}"
        case BookingFacts():
            return f"/bookings/{facts.appointment.reference}{_PARTS_OF_BOOKING.get(kind, '')}"
        case SeriesFacts():
            return f"/series/{facts.reference}"
        case PlainFacts():
            return facts.path
        case FreedTimeFacts():
            return f"/instruments/{facts.slug}#week"
        case CalendarFacts():
            return f"/manage/instruments/{facts.slug}/closures"
        case DeputyFacts():
            return "/account/deputies"
        case InvitationFacts():
            return path_of(facts.invitation_id, facts.guest.email)
        case SecretFacts():
            return f"{_SECRET_PAGES[kind]}/{facts.secret}"
