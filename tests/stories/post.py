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
from typing import Any, NamedTuple, Protocol

from babel.support import Translations
from icalendar import Calendar

_TRANSLATIONS = Path(__file__).parents[2] / "translations"
#: Marks of direction around names, which nobody sees.
_ISOLATES = re.compile("[\u2068\u2069]")
_LIMIT = 20.0  # the worker looks every two seconds


class Reader(Protocol):
    """Somebody with a mailbox and a language."""

    email: str
    language: str


class Letter(NamedTuple):
    """A mail, and what is on its envelope."""

    to: str
    subject: str
    mail: EmailMessage


@dataclass
class Post:
    """Every mail of the installation, each read once."""

    folder: Path
    unread: dict[Path, Letter] = field(default_factory=dict)
    _known: set[Path] = field(default_factory=set)

    def of(self, reader: Reader, subject: str, /, **names: str) -> EmailMessage:
        """The reader's next mail with this subject (in English here, in the reader's language there)."""
        wanted = in_language(reader.language, subject) % names
        limit = time.monotonic() + _LIMIT
        while time.monotonic() < limit:
            for file, letter in self._of(reader):
                if letter.subject == wanted:
                    del self.unread[file]
                    _check(letter.mail, reader)
                    return letter.mail
            time.sleep(0.05)
        here = [letter.subject for _, letter in self._of(reader)]
        raise AssertionError(f"{reader.email} waits for {wanted!r}; unread are {here}")

    def _of(self, reader: Reader) -> list[tuple[Path, Letter]]:
        """What is unread; each file is opened once, for it is there as a whole or not at all."""
        for file in set(self.folder.glob("*.eml")) - self._known:
            self._known.add(file)
            self.unread[file] = _opened(file)
        return [it for it in sorted(self.unread.items()) if reader.email in it[1].to]


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


def _opened(file: Path) -> Letter:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Letter(str(mail["To"]), _ISOLATES.sub("", str(mail["Subject"])), mail)
