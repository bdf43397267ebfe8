"""Which addresses the site calls for somebody else."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from ipaddress import ip_network

import pytest

from instrument_share.foundation.outgoing import addresses
from instrument_share.foundation.outgoing.addresses import may_call, target_of
from instrument_share.foundation.outgoing.faults import CallFailed, Why
from instrument_share.foundation.outgoing.transport import asked
from instrument_share.settings import Settings, SettingsError
from tests.support.certificates import self_signed

LOCAL = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "2002:7f00:1::1", "2002:a00:1::", "nonsense", "",
    ],
)  # fmt: skip
def test_addresses_of_networks_inside_are_refused(address):
    assert not may_call(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14"]
)
def test_addresses_of_the_open_internet_are_called(address):
    assert may_call(address)


def test_what_the_operator_allows_is_called_in_either_form():
    for address in ("127.0.0.1", "::ffff:127.0.0.1"):
        assert may_call(address, LOCAL)
    assert not may_call("10.0.0.1", LOCAL)
    assert may_call("fd00::1", [ip_network("fd00::/8")])


def test_a_name_is_judged_by_every_address_that_it_has(monkeypatch):
    known = {"mixed.example": ["93.184.215.14", "10.0.0.1"], "open.example": ["93.184.215.14"]}
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo",
        lambda host, port, **_: [(2, 1, 6, "", (each, port)) for each in known[host]],
    )  # fmt: skip
    assert target_of("https://open.example/c").address == "93.184.215.14"
    with pytest.raises(CallFailed) as refused:
        target_of("https://mixed.example/c")
    assert refused.value.why is Why.REFUSED_ADDRESS


def test_a_server_whose_certificate_nobody_vouches_for_is_not_asked(tmp_path):
    """So are calendars fetched, and providers of sign-in asked."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(self_signed(tmp_path))
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            wire, _ = door.accept()
            with wire, contextlib.suppress(OSError), context.wrap_socket(wire, True) as secure:
                heard.append(secure.recv(1000))

        server = threading.Thread(target=serve)
        server.start()
        target = target_of(f"https://127.0.0.1:{door.getsockname()[1]}/secret", LOCAL)
        with pytest.raises(CallFailed) as refused, asked(target, deadline=time.monotonic() + 20):
            pass
        server.join(20)
    assert refused.value.why is Why.CERTIFICATE
    assert heard == []


def test_the_operator_names_networks(tmp_path):
    given = {"INSTRUMENT_SHARE_SECRET_KEY": "x" * 32}
    given["INSTRUMENT_SHARE_OUTSIDE_ADDRESSES"] = "10.20.0.0/16 fd00::/8"
    assert [str(each) for each in Settings.from_environment(given).outside_addresses] == [
        "10.20.0.0/16",
        "fd00::/8",
    ]
    given["INSTRUMENT_SHARE_OUTSIDE_ADDRESSES"] = "intranet"
    with pytest.raises(SettingsError, match="OUTSIDE_ADDRESSES"):
        Settings.from_environment(given)
