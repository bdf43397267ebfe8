"""Mails leave by SMTP or into a folder."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
from contextlib import closing
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from instrument_share.notification.transport import Folder, Undeliverable, transport_for
from tests.support.certificates import self_signed
from tests.support.postbox import postbox


@pytest.fixture(autouse=True)
def present():
    """The mail server needs the real clock."""


@pytest.fixture
def mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "desk@host.example", "li@partner.example"
    mail["Message-ID"] = "<7d0f@host.example>"
    mail["Subject"] = "预约已确认"
    mail.set_content("您好\n")
    return mail


class Mailbox:
    """A mail server's other end; refuses recipients whose address begins so."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        replies = {"gone": "550 no such mailbox", "busy": "450 try again"}
        if reply := replies.get(address.partition("@")[0]):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def by(url, folder="unused"):
    return transport_for(SimpleNamespace(mail_url=url, instance_dir=folder))


def test_smtp_hands_the_mail_over(mailbox, mail):
    by(mailbox.url).send(mail)
    (received,) = mailbox.received
    read = email.message_from_bytes(received, policy=email.policy.default)
    assert read["Subject"] == "预约已确认"
    assert read["Message-ID"] == "<7d0f@host.example>"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_an_encrypted_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    scheme, mail, tmp_path
):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(self_signed(tmp_path))
    box = Mailbox()
    how = {"tls_context": context} if scheme == "smtp+starttls" else {"ssl_context": context}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Unprobed(box, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        with pytest.raises(ssl.SSLCertVerificationError):
            by(f"{scheme}://127.0.0.1:{port}").send(mail)
    finally:
        controller.stop()
    assert box.received == []


class Unprobed(Controller):
    """The controller tries its server at the start, as a client that trusts it."""

    def _trigger_server(self) -> None:
        socket.create_connection((self.hostname, self.port)).close()


def test_several_mails_go_over_one_connection_and_a_server_that_left_is_called_again(mail):
    with postbox(at_most=2) as box, closing(by(box.url)) as transport:
        for number in range(5):
            mail.replace_header("Message-ID", f"<{number}@host.example>")
            transport.send(mail)
        assert box.arrived == dict.fromkeys((f"<{number}@host.example>" for number in range(5)), 1)
        assert box.calls == 3


def test_a_mailbox_that_does_not_exist_is_final(mailbox, mail):
    mail.replace_header("To", "gone@partner.example")
    with pytest.raises(Undeliverable, match="no such mailbox"):
        by(mailbox.url).send(mail)


def test_a_busy_server_is_not(mailbox, mail):
    mail.replace_header("To", "busy@partner.example")
    with pytest.raises(OSError, match="try again"):
        by(mailbox.url).send(mail)


def test_a_server_that_is_not_there_is_not_either(mail):
    with pytest.raises(OSError, match="refused"):
        by("smtp://127.0.0.1:9").send(mail)


def test_without_a_mail_server_mails_become_files(tmp_path, mail):
    transport = by("", tmp_path)
    transport.send(mail)
    transport.send(mail)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert "7d0f" in file.name
    assert email.message_from_bytes(file.read_bytes())["To"] == "li@partner.example"


def test_a_folder_can_be_named(tmp_path):
    assert by(f"file://{tmp_path}/my%20mail") == Folder(tmp_path / "my mail")
