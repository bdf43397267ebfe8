"""How mails leave the house: by SMTP, or into a folder where no mail server is named."""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from ..settings import Settings

_PATIENCE = 20  # seconds for each answer of the mail server


class Transport(Protocol):
    """Takes a mail over: when `send` returns, it is out of our hands.

    Raises Undeliverable where trying again is no use, and OSError or smtplib.SMTPException
    otherwise.
    """

    def send(self, mail: EmailMessage) -> None: ...


class Undeliverable(Exception):
    """The mail server refused this mail for good (a 5xx reply, RFC 5321 section 4.2.1)."""


def transport_for(settings: Settings) -> Transport:
    """By MAIL_URL; without one, mails become files below the instance folder."""
    address = urlsplit(settings.mail_url)
    if not settings.mail_url:
        return Folder(settings.instance_dir / "mail")
    if address.scheme == "file":
        return Folder(Path(unquote(address.path)))
    return Smtp(address)


@dataclass(frozen=True)
class Folder:
    """Writes each mail as an `.eml` file that is named after its Message-ID: sent twice, it is
    there once.
    """

    path: Path

    def send(self, mail: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9@.-]", "", str(mail["Message-ID"]))
        unfinished = self.path / f".{name}.part"
        unfinished.write_bytes(mail.as_bytes())
        unfinished.replace(self.path / f"{name}.eml")


@dataclass(frozen=True)
class Smtp:
    """`smtp://`, `smtp+starttls://` (port 587) or `smtps://` (port 465), with user and password
    where needed.
    """

    address: SplitResult

    def send(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            _give_up_if_final(error, min(codes))
            raise
        except smtplib.SMTPResponseException as error:
            if not isinstance(error, smtplib.SMTPAuthenticationError):
                _give_up_if_final(error, error.smtp_code)
            raise

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        kind = smtplib.SMTP_SSL if self.address.scheme == "smtps" else smtplib.SMTP
        host, port = self.address.hostname or "localhost", self.address.port or self._usual_port()
        with kind(host, port, timeout=_PATIENCE) as server:
            if self.address.scheme == "smtp+starttls":
                server.starttls()
            if self.address.username:
                server.login(unquote(self.address.username), unquote(self.address.password or ""))
            yield server

    def _usual_port(self) -> int:
        return {"smtps": 465, "smtp+starttls": 587}.get(self.address.scheme, 25)


def _give_up_if_final(error: smtplib.SMTPException, code: int) -> None:
    if code >= 500:
        raise Undeliverable(str(error)) from error
