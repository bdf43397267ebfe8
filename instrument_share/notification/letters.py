"""What a message says, in the language and zone of the moment: the same for the mail and for the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext

from ..booking.remote.panel import CHECKS_IN_SHORT
from ..booking.series.sentence import sentence_of
from ..booking.shown import both_clocks
from ..foundation.http.show import ShownPeriod, date, listed, localized, minutes, period, zone_name
from ..foundation.languages import Language, best_of
from ..identity.called import called
from ..identity.invitations.rules import LIFE
from ..identity.labels import ROLES
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
from .facts.bookings import Offer
from .facts.plain import Named
from .models import Message
from .pages import page_of
from .rules import Kind
from .wording import Words, words_for
from .wording.series import words_for_series

#: Times of a series that are written out; its page lists all.
_MOST_SLOTS = 12
_OPEN_CHECKS = frozenset({Kind.CHECKS_OPEN, Kind.CHECKS_OPEN_ON_DUTY})


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """Time that can be had instead: `instrument` is empty where it is the same one."""

    instrument: str
    when: ShownPeriod
    path: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail's templates show. `when` is None and `instrument` empty where no booking is
    meant; `before` is the time that it had until it was moved.
    """

    words: Words
    person: str
    url: str
    language: Language
    instrument: str = ""
    facility: str = ""
    reference: str = ""
    comment: str = ""
    by: str = ""
    when: ShownPeriod | None = None
    why: str = ""
    base_url: str = ""
    offers: Sequence[ShownOffer] = ()
    before: ShownPeriod | None = None
    rhythm: str = ""  # of a series; `slots` are the first of its times, `more` counts the others
    slots: Sequence[ShownPeriod] = ()
    more: int = 0
    shares: Sequence[tuple[str, str]] = ()  # by whom time is given, and how much each gives
    files: Sequence[str] = ()  # names of what came with it; whoever may see it gets it on the site


def letter_of(message: Message) -> Letter:
    """What is told, with the page that its button leads to."""
    facts = facts_in(message)
    match facts:
        case BookingFacts():
            return _about_booking(message, facts)
        case SeriesFacts():
            return _about_series(message, facts)
        case PlainFacts():
            return _about_page(message, facts)
        case FreedTimeFacts():
            return _about_freed_time(message, facts)
        case CalendarFacts():
            return _about_calendar(message, facts)
        case DeputyFacts():
            return _about_deputy(message, facts)
        case InvitationFacts():
            return _to_guest(message, facts)
        case SecretFacts():
            return _letter(message, {})


def _about_booking(message: Message, facts: BookingFacts) -> Letter:
    kind = Kind(message.kind)
    names = _names(facts, facts.appointment.reference) | {"detail": _detail(kind, facts.detail)}
    when, before = _times(kind, facts)
    return replace(
        _with_booking(_letter(message, names), facts),
        files=facts.files,
        why=localized(facts.why),
        offers=[_offer_shown(offer, facts.appointment.reference) for offer in facts.offers],
        when=when,
        before=before,
    )


def _about_series(message: Message, facts: SeriesFacts) -> Letter:
    """A letter about all that is told of a series, its first times written out."""
    words = words_for_series(Kind(message.kind), _names(facts.first, facts.reference))
    zone = facts.appointments[0].time_zone
    shown = [period(each.slot, zone) for each in facts.appointments[:_MOST_SLOTS]]
    return replace(
        _with_booking(_worded(message, words), facts.first),
        reference=facts.reference,
        rhythm=sentence_of(facts.rrule, facts.first_start, zone),
        slots=shown,
        more=len(facts.appointments) - len(shown),
    )


def _names(facts: BookingFacts, reference: str) -> dict[str, str]:
    """What the words about a booking, or about all of a series, leave open."""
    booked = facts.appointment
    return {
        "instrument": localized(booked.instrument),
        "reference": reference,
        "applicant": facts.applicant,
        "by": facts.by,
        "answer_by": both_clocks(facts.answer_by, booked.time_zone) if facts.answer_by else "",
    }


def _detail(kind: Kind, detail: str) -> str:
    """The thing that is meant, in words where it was kept as codes."""
    if kind in _OPEN_CHECKS:
        return listed([str(CHECKS_IN_SHORT[code]) for code in detail.split()])
    return detail


def _with_booking(letter: Letter, facts: BookingFacts) -> Letter:
    return replace(
        letter,
        base_url=_base_url(),
        instrument=localized(facts.appointment.instrument),
        facility=localized(facts.appointment.facility),
        reference=facts.appointment.reference,
        comment=facts.comment,
        by=facts.by,
    )


def _times(kind: Kind, facts: BookingFacts) -> tuple[ShownPeriod, ShownPeriod | None]:
    """When the booking is and, where it was moved, when it was before; called off is the time before."""
    zone, moved_from = facts.appointment.time_zone, facts.moved_from
    if moved_from is None:
        return period(facts.appointment.slot, zone), None
    before = period(moved_from, zone)
    if kind is Kind.CALLED_OFF:
        return before, None
    return period(facts.appointment.slot, zone), before


def _about_freed_time(message: Message, facts: FreedTimeFacts) -> Letter:
    """The first stretch; the button leads to the instrument's week, where the others are."""
    instrument = localized(facts.instrument)
    return replace(
        _letter(message, {"instrument": instrument}),
        instrument=instrument,
        facility=localized(facts.facility),
        when=period(facts.slot, facts.time_zone),
    )


def _about_page(message: Message, facts: PlainFacts) -> Letter:
    """About no booking: words with a few names in them, and perhaps a time."""
    names = {name: _named(name, value) for name, value in facts.names.items()}
    return replace(
        _letter(message, {"by": facts.by} | names),
        instrument=names.get("instrument", ""),
        comment=facts.comment,
        by=facts.by,
        shares=[(localized(of), minutes(given)) for of, given in facts.shares],
        when=period(facts.slot, facts.time_zone) if facts.slot else None,
    )


def _named(name: str, value: Named) -> str:
    """Numbers under `…_minutes` are lengths of time, `day` is a day."""
    if isinstance(value, Mapping):
        return localized(value)
    if isinstance(value, int) and name.endswith("_minutes"):
        return minutes(value)
    text = str(value)
    return date(text) if name == "day" and text else called(text)


def _about_calendar(message: Message, facts: CalendarFacts) -> Letter:
    names = {
        "instrument": localized(facts.instrument),
        "calendar": localized(facts.calendar),
    }
    return _letter(message, names)


def _about_deputy(message: Message, facts: DeputyFacts) -> Letter:
    names = {
        "person": facts.person,
        "first_day": date(facts.first_day),
        "last_day": date(facts.last_day),
        "zone": zone_name(facts.time_zone),
        "role": str(ROLES[facts.role]) if facts.role else gettext("every role of theirs"),
    }
    return _letter(message, names)


def _to_guest(message: Message, facts: InvitationFacts) -> Letter:
    """To somebody without an account: the mail's link is their way in."""
    names = {
        "inviter": facts.inviter,
        "institution": localized(facts.institution),
        "days": str(LIFE.days),
    }
    language = best_of([facts.guest.language])
    return replace(_letter(message, names), person=facts.guest.display_name, language=language)


def _offer_shown(offer: Offer, reference: str) -> ShownOffer:
    start, end = offer.slot.start.isoformat(), offer.slot.end.isoformat()
    when = period(offer.slot, offer.time_zone)
    if offer.kind == "same":
        query = urlencode({"choose": f"{start}/{end}"})
        return ShownOffer("", when, f"/bookings/{reference}/reschedule?{query}")
    query = urlencode({"start": start, "minutes": offer.slot.minutes})
    name = localized(offer.instrument)
    return ShownOffer(name, when, f"/instruments/{offer.slug}/book?{query}")


def _letter(message: Message, names: Mapping[str, str]) -> Letter:
    """The words of the message's kind with these names in them."""
    return _worded(message, words_for(Kind(message.kind), names))


def _worded(message: Message, words: Words) -> Letter:
    return Letter(
        words,
        message.person.display_name,
        _base_url() + page_of(message),
        best_of([message.person.language]),
    )


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)
