"""What a message says, in the language and zone of the moment: the same for the mail and for the inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext

from ..booking.remote.panel import CHECKS_IN_SHORT
from ..booking.series.sentence import sentence_of
from ..booking.shown import both_clocks
from ..foundation.http.show import ShownPeriod, date, listed, localized, minutes, period, zone_name
from ..foundation.interval import Interval
from ..foundation.languages import Language, best_of
from ..identity.called import called
from ..identity.labels import ROLES
from . import guests
from .facts import BookingFacts, Offer, SeriesFacts
from .models import Message
from .plain import PlainFacts
from .rules import ABOUT_DEPUTIES, REMARKS, Kind
from .wording import Words, words_for
from .wording.series import words_for_series

#: Times of a series that are written out; its page lists all.
_MOST_SLOTS = 12
_DAYS = ("first_day", "last_day")
_OPEN_CHECKS = frozenset({Kind.CHECKS_OPEN, Kind.CHECKS_OPEN_ON_DUTY})
#: Where the secret of a mail leads to.
_SECRET_PAGES: dict[str, str] = {
    Kind.VERIFY_MAIL: "verify-mail",
    Kind.NEW_PASSWORD: "forgotten-password",
}


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
    """What is told: as the first of `_KINDS` that the message is of writes it, else as one about a booking."""
    written = next((write for is_of, write in _KINDS if is_of(message)), _about_booking)
    return written(message)


def page_of(message: Message) -> str:
    """The path of the page that a message's button leads to."""
    if message.kind == Kind.CALENDAR_FAILING:
        return f"/manage/instruments/{message.facts['slug']}/closures"
    if message.kind == Kind.FREED_TIME:
        return f"/instruments/{message.facts['slug']}#week"
    if PlainFacts.is_in(message.facts):
        return PlainFacts.read(message.facts).path
    if message.kind in ABOUT_DEPUTIES:
        return "/account/deputies"
    page = f"/bookings/{message.facts['reference']}"
    if "credit_entry" in message.facts:
        return f"/account/credit/{message.facts['credit_entry']}"
    if message.kind == Kind.RESULTS_OVERDUE:
        return f"{page}/afterwards#results"
    if message.kind in REMARKS:
        return f"{page}#conversation"
    if message.kind in _OPEN_CHECKS:
        return f"{page}#connection"
    return f"{page}/reschedule" if message.kind == Kind.HIT else page


def _with_secret(message: Message) -> Letter:
    path = f"/{_SECRET_PAGES[message.kind]}/{message.facts.get('secret', '')}"
    return _letter(message, {}, path)


def _to_guest(message: Message) -> Letter:
    """To somebody without an account: the mail's link is their way in."""
    guest = guests.guest_of(message)
    words = words_for(Kind.INVITATION, guests.names_of(message))
    return Letter(words, guest.display_name, guests.url_of(message), best_of([guest.language]))


def _about_booking(message: Message) -> Letter:
    facts, series = BookingFacts.read(message.facts), SeriesFacts.read(message.facts)
    booked, kind = facts.appointment, Kind(message.kind)
    names = _names(facts, series) | {"detail": _detail(message)}
    letter = Letter(
        words=(words_for_series if series else words_for)(kind, names),
        person=message.person.display_name,
        url=_base_url() + page_of(message),
        base_url=_base_url(),
        language=best_of([message.person.language]),
        instrument=localized(booked.instrument),
        facility=localized(booked.facility),
        reference=booked.reference,
        comment=facts.comment,
        by=facts.by,
        files=message.facts.get("files", ()),
        why=localized(facts.why),
        offers=[_offer_shown(offer, booked.reference) for offer in facts.offers],
        **_times(facts, kind),
    )
    return _of_series(letter, series) if series else letter


def _detail(message: Message) -> str:
    """The thing that is meant, in words where it was kept as codes."""
    detail: str = message.facts.get("detail", "")
    if message.kind in _OPEN_CHECKS:
        return listed([str(CHECKS_IN_SHORT[code]) for code in detail.split()])
    return detail


def _names(facts: BookingFacts, series: SeriesFacts | None) -> dict[str, str]:
    """What the words about a booking, or about all of a series, leave open."""
    booked = facts.appointment
    return {
        "instrument": localized(booked.instrument),
        "reference": series.reference if series else booked.reference,
        "applicant": facts.applicant,
        "by": facts.by,
        "answer_by": both_clocks(facts.answer_by, booked.time_zone) if facts.answer_by else "",
    }


def _of_series(letter: Letter, series: SeriesFacts) -> Letter:
    """A letter about all that is told of a series, its first times written out."""
    zone = series.appointments[0].time_zone
    shown = [period(each.slot, zone) for each in series.appointments[:_MOST_SLOTS]]
    return replace(
        letter,
        url=f"{letter.base_url}/series/{series.reference}",
        reference=series.reference,
        when=None,
        rhythm=sentence_of(series.rrule, series.first_start, zone),
        slots=shown,
        more=len(series.appointments) - len(shown),
    )


def _times(facts: BookingFacts, kind: Kind) -> dict[str, Any]:
    """When the booking is and, where it was moved, when it was before; called off is the time before."""
    zone, moved_from = facts.appointment.time_zone, facts.moved_from
    if moved_from is None:
        return {"when": period(facts.appointment.slot, zone)}
    before = period(moved_from, zone)
    if kind is Kind.CALLED_OFF:
        return {"when": before}
    return {"when": period(facts.appointment.slot, zone), "before": before}


def _about_freed_time(message: Message) -> Letter:
    """Freed time: the first stretch, and the way to the instrument's week, where the others are."""
    facts = message.facts
    slot = Interval(*(datetime.fromisoformat(facts[at]) for at in ("starts_at", "ends_at")))
    instrument = localized(facts["instrument"])
    return replace(
        _letter(message, {"instrument": instrument}, page_of(message)),
        instrument=instrument,
        facility=localized(facts["facility"]),
        when=period(slot, facts["time_zone"]),
    )


def _plain(message: Message) -> Letter:
    """About no booking: words with a few names in them, perhaps a time, and the page that the button leads to."""
    facts = PlainFacts.read(message.facts)
    names = {
        key: localized(each) if isinstance(each, dict) else _worded(key, each)
        for key, each in facts.names.items()
    }
    return replace(
        _letter(message, {"by": facts.by} | names, facts.path),
        instrument=names.get("instrument", ""),
        comment=facts.comment,
        by=facts.by,
        shares=[(localized(of), minutes(given)) for of, given in facts.shares],
        when=period(facts.slot, facts.time_zone) if facts.slot else None,
    )


def _worded(name: str, value: Any) -> str:
    """Numbers under `…_minutes` are lengths of time, `day` is a day."""
    if name == "day" and value:
        return date(value)
    return minutes(value) if name.endswith("_minutes") else called(str(value))


def _about_calendar(message: Message) -> Letter:
    facts = message.facts
    told = {"instrument": localized(facts["instrument"]), "calendar": localized(facts["calendar"])}
    return _letter(message, told, page_of(message))


def _about_deputy(message: Message) -> Letter:
    facts = message.facts
    days = {name: date(datetime.fromisoformat(facts[name]).date()) for name in _DAYS}
    told = days | {
        "person": called(facts["person"]),
        "zone": zone_name(facts["time_zone"]),
        "role": str(ROLES[facts["role"]]) if facts["role"] else gettext("every role of theirs"),
    }
    return _letter(message, told, page_of(message))


def _offer_shown(offer: Offer, reference: str) -> ShownOffer:
    start, end = offer.slot.start.isoformat(), offer.slot.end.isoformat()
    when = period(offer.slot, offer.time_zone)
    if offer.kind == "same":
        query = urlencode({"choose": f"{start}/{end}"})
        return ShownOffer("", when, f"/bookings/{reference}/reschedule?{query}")
    query = urlencode({"start": start, "minutes": offer.slot.minutes})
    name = localized(offer.instrument)
    return ShownOffer(name, when, f"/instruments/{offer.slug}/book?{query}")


def _letter(message: Message, names: dict[str, str], path: str) -> Letter:
    """The words of the message's kind with these names in them, and the page that the button leads to."""
    return Letter(
        words_for(Kind(message.kind), names),
        message.person.display_name,
        _base_url() + path,
        best_of([message.person.language]),
    )


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)


#: Which messages are about something else than a booking, and how each is written.
_KINDS: tuple[tuple[Callable[[Message], bool], Callable[[Message], Letter]], ...] = (
    (lambda message: message.kind in _SECRET_PAGES, _with_secret),
    (guests.is_for_guest, _to_guest),
    (lambda message: message.kind == Kind.CALENDAR_FAILING, _about_calendar),
    (lambda message: message.kind == Kind.FREED_TIME, _about_freed_time),
    (lambda message: PlainFacts.is_in(message.facts), _plain),
    (lambda message: message.kind in ABOUT_DEPUTIES, _about_deputy),
)
