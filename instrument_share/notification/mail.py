"""A message as a mail: text and HTML in the reader's language and zone, with the booking as an
invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext

from ..booking.series.sentence import sentence_of
from ..booking.shown import both_clocks
from ..foundation.calendar.document import Method, several, single
from ..foundation.calendar.event import Mailbox
from ..foundation.http.show import ShownPeriod, date, localized, minutes, period, zone_name
from ..foundation.interval import Interval
from ..foundation.languages import Language, best_of
from ..foundation.reader import writing_for
from ..identity.labels import ROLES
from ..identity.models import Person
from . import guests
from .digests import letter as digest
from .facts import BookingFacts, Offer, SeriesFacts
from .headers import SpaceKeepingPolicy
from .models import Message
from .rules import ABOUT_DEPUTIES, INVITATION, REMARKS, Kind
from .series_wording import words_for_series
from .wording import Words, words_for

#: Everything as 7 bits, so that no mail server on the way has to be asked whether it takes more.
_POLICY = SpaceKeepingPolicy(linesep="\r\n", cte_type="7bit")
#: Times of a series that are written out; its page lists all.
_MOST_SLOTS = 12
_DAYS = ("first_day", "last_day")


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
    files: Sequence[
        str
    ] = ()  # names of what came with it; the site gives them to whoever may see it


#: Where the secret of a mail leads to.
_SECRET_PAGES: dict[str, str] = {
    Kind.VERIFY_MAIL: "verify-mail",
    Kind.NEW_PASSWORD: "forgotten-password",
}


def compose(message: Message) -> EmailMessage:
    """The whole mail (RFC 5322, MIME), ready to be sent. Its Message-ID and Date never change."""
    reader = guests.guest_of(message) or message.person
    with writing_for(reader.language, reader.time_zone):
        mail = EmailMessage(policy=_POLICY)
        mail["Message-ID"] = message.message_id
        mail["Date"] = format_datetime(message.created_at)
        mail["From"] = _sender()
        mail["To"] = _address(reader.display_name, reader.email)
        mail["Auto-Submitted"] = "auto-generated"
        if message.kind == Kind.DIGEST:
            _write_digest(mail, message)
        else:
            _write_letter(mail, message)
        mail["Content-Language"] = best_of([reader.language]).tag  # the parts would take it
        return mail


def _write_letter(mail: EmailMessage, message: Message) -> None:
    letter = letter_of(message)
    mail["Subject"] = _one_line(letter.words.subject)
    mail.set_content(_rendered("notification/mail.txt", letter=letter))
    mail.add_alternative(_rendered("notification/mail.html", letter=letter), subtype="html")
    _invite(mail, message)


def _write_digest(mail: EmailMessage, message: Message) -> None:
    """Everything that it holds, without invitations: calendars that are subscribed to show the bookings."""
    members = digest.members_of(message)
    mail["Subject"] = digest.subject_of(members)
    digest.add_headers(mail, message)
    shown = {
        "person": message.person.display_name,
        "language": best_of([message.person.language]),
        "subject": digest.subject_of(members),
        "letters": [letter_of(each) for each in members],
        "wishes_url": digest.wishes_url(),
        "unsubscribe_url": digest.unsubscribe_url(message),
    }
    mail.set_content(_rendered("notification/digests/mail.txt", **shown))
    mail.add_alternative(_rendered("notification/digests/mail.html", **shown), subtype="html")


def letter_of(message: Message) -> Letter:
    """What is told, in the language and zone of the moment."""
    base_url = current_app.config["SETTINGS"].base_url
    language = best_of([message.person.language])
    if message.kind in _SECRET_PAGES:
        url = f"{base_url}/{_SECRET_PAGES[message.kind]}/{message.facts.get('secret', '')}"
        words = words_for(Kind(message.kind), {})
        return Letter(words, message.person.display_name, url, language)
    guest = guests.guest_of(message)
    if guest is not None:
        words = words_for(Kind.INVITATION, guests.names_of(message))
        return Letter(words, guest.display_name, guests.url_of(message), best_of([guest.language]))
    if message.kind == Kind.CALENDAR_FAILING:
        return _about_calendar(message, base_url, language)
    if message.kind == Kind.FREED_TIME:
        return _alert(message, language)
    if "path" in message.facts:
        return _plain(message, base_url, language)

    if message.kind in ABOUT_DEPUTIES:
        return _about_deputy(message, base_url, language)
    facts = BookingFacts.read(message.facts)
    booked = facts.appointment
    instrument = localized(booked.instrument)
    series = SeriesFacts.read(message.facts)
    told: dict[str, Any] = {
        "instrument": instrument,
        "reference": series.reference if series else booked.reference,
        "applicant": facts.applicant,
        "by": facts.by,
        "detail": message.facts.get("detail", ""),
        "answer_by": both_clocks(facts.answer_by, booked.time_zone) if facts.answer_by else "",
    }
    letter = Letter(
        words=(words_for_series if series else words_for)(Kind(message.kind), told),
        person=message.person.display_name,
        url=base_url + page_of(message),
        language=language,
        instrument=instrument,
        facility=localized(booked.facility),
        reference=booked.reference,
        comment=facts.comment,
        by=facts.by,
        files=message.facts.get("files", ()),
    )
    letter = replace(
        letter,
        why=localized(facts.why),
        base_url=base_url,
        offers=[_shown(offer, booked.reference) for offer in facts.offers],
        **_times(facts, Kind(message.kind)),
    )
    return _of_series(letter, series, base_url) if series else letter


def _of_series(letter: Letter, series: SeriesFacts, base_url: str) -> Letter:
    """A letter about all that is told of a series, its first times written out."""
    zone = series.appointments[0].time_zone
    shown = [period(each.slot, zone) for each in series.appointments[:_MOST_SLOTS]]
    return replace(
        letter,
        url=f"{base_url}/series/{series.reference}",
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


def _alert(message: Message, language: Language) -> Letter:
    """Freed time: the first stretch, and the way to the instrument's week, where the others are."""
    facts = message.facts
    slot = Interval(*(datetime.fromisoformat(facts[at]) for at in ("starts_at", "ends_at")))
    instrument = localized(facts["instrument"])
    return Letter(
        words=words_for(Kind.FREED_TIME, {"instrument": instrument}),
        person=message.person.display_name,
        url=f"{current_app.config['SETTINGS'].base_url}/instruments/{facts['slug']}#week",
        language=language,
        instrument=instrument,
        facility=localized(facts["facility"]),
        when=period(slot, facts["time_zone"]),
    )


def page_of(message: Message) -> str:
    """The path of the page that a message's button leads to."""
    if message.kind == Kind.CALENDAR_FAILING:
        return f"/manage/instruments/{message.facts['slug']}/closures"
    if "path" in message.facts:
        return str(message.facts["path"])

    if message.kind in ABOUT_DEPUTIES:
        return "/account/deputies"
    page = f"/bookings/{message.facts['reference']}"
    if "credit_entry" in message.facts:
        return f"/account/credit/{message.facts['credit_entry']}"
    if message.kind == Kind.RESULTS_OVERDUE:
        return f"{page}/afterwards#results"
    if message.kind in REMARKS:
        return f"{page}#conversation"
    return f"{page}/reschedule" if message.kind == Kind.HIT else page


def _plain(message: Message, base_url: str, language: Language) -> Letter:
    """About no booking: words with a few names in them, perhaps a time, and the page that the button leads to."""
    facts = message.facts
    names = {
        key: localized(each) if isinstance(each, dict) else _worded(key, each)
        for key, each in facts["names"].items()
    }
    slot = facts.get("slot")
    return Letter(
        words_for(Kind(message.kind), names),
        message.person.display_name,
        base_url + page_of(message),
        language,
        instrument=names.get("instrument", ""),
        comment=facts.get("comment", ""),
        by=facts.get("by", ""),
        when=period(Interval(*map(datetime.fromisoformat, slot)), facts["time_zone"])
        if slot
        else None,
    )


def _worded(name: str, value: Any) -> str:
    """Numbers under `…_minutes` are lengths of time, `day` is a day."""
    if name == "day" and value:
        return date(value)
    return minutes(value) if name.endswith("_minutes") else str(value)


def _about_calendar(message: Message, base_url: str, language: Language) -> Letter:
    facts = message.facts
    told = {"instrument": localized(facts["instrument"]), "calendar": localized(facts["calendar"])}
    return Letter(
        words_for(Kind.CALENDAR_FAILING, told),
        message.person.display_name,
        base_url + page_of(message),
        language,
    )


def _about_deputy(message: Message, base_url: str, language: Language) -> Letter:
    facts = message.facts
    days = {name: date(datetime.fromisoformat(facts[name]).date()) for name in _DAYS}
    told = days | {
        "person": facts["person"],
        "zone": zone_name(facts["time_zone"]),
        "role": str(ROLES[facts["role"]]) if facts["role"] else gettext("every role of theirs"),
    }
    return Letter(
        words_for(Kind(message.kind), told),
        message.person.display_name,
        base_url + page_of(message),
        language,
    )


def _shown(offer: Offer, reference: str) -> ShownOffer:
    start, end = offer.slot.start.isoformat(), offer.slot.end.isoformat()
    when = period(offer.slot, offer.time_zone)
    if offer.kind == "same":
        query = urlencode({"choose": f"{start}/{end}"})
        return ShownOffer("", when, f"/bookings/{reference}/reschedule?{query}")
    query = urlencode({"start": start, "minutes": offer.slot.minutes})
    name = localized(offer.instrument)
    return ShownOffer(name, when, f"/instruments/{offer.slug}/book?{query}")


def _invite(mail: EmailMessage, message: Message) -> None:
    """Attach the booking so that the reader's calendar program takes it in or lets it go (iMIP,
    RFC 6047).
    """
    method = INVITATION.get(Kind(message.kind))
    if method is None:
        return
    series = SeriesFacts.read(message.facts)
    if series:
        text = series_file(series).decode()
        mail.add_attachment(text, subtype="calendar", filename="series.ics")
        return
    text = invitation(message, method).decode()
    mail.add_alternative(text, subtype="calendar", params={"method": str(method)})
    mail.add_attachment(text, subtype="calendar", filename="booking.ics")


def series_file(series: SeriesFacts) -> bytes:
    """Every occurrence as an event of its own; a file, for an invitation may hold only one (RFC 5546 section 3.2)."""
    base_url = current_app.config["SETTINGS"].base_url
    return several([each.event(base_url) for each in series.appointments])


def invitation(message: Message, method: Method) -> bytes:
    """The booking as it was when the message was written, from the site to the reader."""
    settings = current_app.config["SETTINGS"]
    event = BookingFacts.read(message.facts).appointment.event(settings.base_url)
    event = replace(
        event,
        organizer=Mailbox(settings.mail_from, gettext("Instrument Share")),
        attendee=_mailbox(message.person),
    )
    return single(event, method)


def _mailbox(person: Person) -> Mailbox:
    return Mailbox(person.email, person.display_name)


def _rendered(template: str, **shown: object) -> str:
    """Rendered without the pages' context, which needs a request."""
    return current_app.jinja_env.get_template(template).render(**shown)


def _sender() -> Address:
    return _address(gettext("Instrument Share"), current_app.config["SETTINGS"].mail_from)


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(_one_line(name), user, domain)


def _one_line(text: str) -> str:
    """Headers are one line: a name with line breaks in it must not begin another."""
    return " ".join(text.split())
