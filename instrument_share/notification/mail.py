"""A message as a mail: text and HTML in the reader's language and zone, with what it is about as an invitation."""

from __future__ import annotations

from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import cast

from flask import current_app
from flask_babel import gettext

from ..access.training.appointments import TrainingDate
from ..booking.appointments import Appointment
from ..foundation.calendar.document import Method, several, single
from ..foundation.calendar.event import Mailbox
from ..foundation.interval import Interval
from ..foundation.languages import best_of
from ..foundation.reader import writing_for
from ..identity.models import Person
from .digests import letter as digest
from .facts import BookingFacts, InvitationFacts, PlainFacts, SeriesFacts, facts_in
from .facts.accounts import Guest
from .headers import SpaceKeepingPolicy
from .letters import letter_of
from .models import Message
from .rules import INVITATION, Kind

#: Everything as 7 bits, so that no mail server on the way has to be asked whether it takes more.
_POLICY = SpaceKeepingPolicy(linesep="\r\n", cte_type="7bit")


def compose(message: Message) -> EmailMessage:
    """The whole mail (RFC 5322, MIME), ready to be sent. Its Message-ID and Date never change."""
    reader = _reader_of(message)
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


def _reader_of(message: Message) -> Guest | Person:
    """Invitations go to people who may have no account; their message is the inviter's."""
    if message.kind == Kind.INVITATION:
        return InvitationFacts.read(message.facts).guest
    return message.person


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


def _invite(mail: EmailMessage, message: Message) -> None:
    """Attach what it is about, for the reader's calendar program to take in or let go (iMIP, RFC 6047)."""
    method = INVITATION.get(Kind(message.kind))
    if method is None:
        return
    facts = facts_in(message)
    if isinstance(facts, SeriesFacts):
        mail.add_attachment(_series_file(facts), subtype="calendar", filename="series.ics")
    elif isinstance(facts, BookingFacts):
        _add_invitation(mail, message, method, facts.appointment, "booking.ics")
    elif isinstance(facts, PlainFacts):
        training = _training(message, method, facts)
        _add_invitation(mail, message, method, training, "training.ics")


def _series_file(series: SeriesFacts) -> str:
    """Every occurrence as an event of its own; a file, for an invitation may hold only one (RFC 5546 section 3.2)."""
    base_url = current_app.config["SETTINGS"].base_url
    return several([each.event(base_url) for each in series.appointments]).decode()


def _add_invitation(
    mail: EmailMessage,
    message: Message,
    method: Method,
    appointment: Appointment | TrainingDate,
    file_name: str,
) -> None:
    """The appointment as it was when the message was written, from the site to the reader."""
    settings = current_app.config["SETTINGS"]
    event = replace(
        appointment.event(settings.base_url),
        organizer=Mailbox(settings.mail_from, gettext("Instrument Share")),
        attendee=Mailbox(message.person.email, message.person.display_name),
    )
    text = single(event, method).decode()
    mail.add_alternative(text, subtype="calendar", params={"method": str(method)})
    mail.add_attachment(text, subtype="calendar", filename=file_name)


def _training(message: Message, method: Method, facts: PlainFacts) -> TrainingDate:
    names = facts.names
    return TrainingDate(
        reference=names["reference"],
        slot=cast(Interval, facts.slot),  # a training has a time
        time_zone=facts.time_zone,
        changed_at=message.created_at,
        subject=names["subject"],
        facility=names.get("facility", names["subject"]),  # messages of earlier versions lack it
        venue=names.get("venue", ""),
        remote_url=names.get("remote_url", ""),
        is_off=method is Method.CANCEL,
        moves=names.get("moves", 0),
    )


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
