"""Mail as its recipient reads it: from the files that the server's worker writes."""

from __future__ import annotations

import email
import email.policy
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from babel.support import Translations
from icalendar import Calendar

_TRANSLATIONS = Path(__file__).parents[2] / "translations"
_LIMIT = 20.0  # the worker looks every two seconds


class Reader(Protocol):
    """Somebody with a mailbox and a language."""

    email: str
    language: str


@dataclass
class Post:
    """Every mail of the installation, each read once."""

    folder: Path
    read: set[str] = field(default_factory=set)

    def of(self, reader: Reader, subject: str, /, **names: str) -> EmailMessage:
        """The reader's next mail with this subject (in English here, in the reader's language there)."""
        wanted = in_language(reader.language, subject) % names
        limit = time.monotonic() + _LIMIT
        while time.monotonic() < limit:
            for mail in self._unread(reader):
                if mail["Subject"] == wanted:
                    self.read.add(mail["Message-ID"])
                    _check(mail, reader)
                    return mail
            time.sleep(0.05)
        here = [str(mail["Subject"]) for mail in self._unread(reader)]
        raise AssertionError(f"{reader.email} waits for {wanted!r}; unread are {here}")

    def _unread(self, reader: Reader) -> list[EmailMessage]:
        mails = [_parsed(file) for file in sorted(self.folder.glob("*.eml"))]
        return [
            mail
            for mail in mails
            if reader.email in str(mail["To"]) and mail["Message-ID"] not in self.read
        ]


@dataclass
class Appointment:
    """A booking in somebody's calendar program, which takes what comes by mail (RFC 5546)."""

    uid: str = ""
    version: tuple[int, datetime] = (-1, datetime.min.replace(tzinfo=UTC))
    status: str = ""

    def take(self, mail: EmailMessage, method: str = "REQUEST") -> Any:
        """The event, newer than what the calendar has of it."""
        (part,) = (
            part
            for part in mail.walk()
            if part.get_content_type() == "text/calendar" and part.get_param("method")
        )
        calendar = Calendar.from_ical(part.get_content())
        assert calendar["METHOD"] == part.get_param("method") == method
        (event,) = calendar.walk("VEVENT")
        assert self.uid in ("", str(event["UID"])), "another event"
        version = (int(event["SEQUENCE"]), event["DTSTAMP"].dt)
        assert version > self.version, "the calendar program would ignore it"
        rose = version[0] > self.version[0]
        assert rose or self.status == event["STATUS"], "what is seen changed, SEQUENCE did not"
        self.uid, self.version, self.status = str(event["UID"]), version, str(event["STATUS"])
        return event


def in_language(tag: str, text: str) -> str:
    """A text of the product in a language that must have it."""
    if tag == "en":
        return text
    said = Translations.load(_TRANSLATIONS, [tag.replace("-", "_")]).gettext(text)
    assert said != text, f"{text!r} is not translated into {tag}"
    return str(said)


def link_in(text: str, path: str) -> str:
    """The address below `path` that a mail asks its reader to open."""
    found = re.search(rf"https?://[^\s/]+{path}\S*", text)
    assert found, text
    return found[0]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _check(mail: EmailMessage, reader: Reader) -> None:
    page = mail.get_body(("html",))
    assert page is not None
    assert mail["Content-Language"] == reader.language
    assert f'lang="{reader.language}"' in page.get_content()


def _parsed(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
