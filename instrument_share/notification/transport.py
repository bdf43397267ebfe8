"""How mails leave the house: by SMTP, or into a folder where no mail server is named."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
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
    otherwise. `close` it after the last of several mails.
    """

    def send(self, mail: EmailMessage) -> None: ...

    def close(self) -> None: ...


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
    """Writes each mail as an `.eml` file that is named after its Message-ID: sent twice, it is there once."""

    path: Path

    def send(self, mail: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9@.-]", "", str(mail["Message-ID"]))
        unfinished = self.path / f".{name}.part"
        unfinished.write_bytes(mail.as_bytes())
        unfinished.replace(self.path / f"{name}.eml")

    def close(self) -> None:
        """Each file is closed."""


@dataclass
class Smtp:
    """`smtp://`, `smtp+starttls://` (port 587) or `smtps://` (port 465), with user and password
    where needed. The connection is kept from one mail to the next.
    """

    address: SplitResult
    _server: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage) -> None:
        try:
            self._connected().send_message(mail)
        except BaseException as error:
            self._hang_up()  # who knows which of its answers are still on their way
            _give_up_if_final(error)
            raise

    def close(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._hang_up()

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _connected(self) -> smtplib.SMTP:
        """A server that is there: one that has left since the last mail is called again."""
        if self._server is None or not _is_there(self._server):
            self._hang_up()
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        """Raises ssl.SSLCertVerificationError where an encrypted server cannot show that it is the one meant."""
        server = self._called()
        try:
            if self.address.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self.address.username:
                server.login(unquote(self.address.username), unquote(self.address.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _called(self) -> smtplib.SMTP:
        host, port = self.address.hostname or "localhost", self.address.port or self._usual_port()
        if self.address.scheme == "smtps":
            trusted = ssl.create_default_context()  # smtplib's own asks for no certificate
            return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=trusted)
        return smtplib.SMTP(host, port, timeout=_PATIENCE)

    def _usual_port(self) -> int:
        return {"smtps": 465, "smtp+starttls": 587}.get(self.address.scheme, 25)


def _is_there(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _give_up_if_final(error: BaseException) -> None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        code = 0 if isinstance(error, smtplib.SMTPAuthenticationError) else error.smtp_code
    else:
        return
    if code >= 500:
        raise Undeliverable(str(error)) from error
