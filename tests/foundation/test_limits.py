"""Whom rate limits count."""

from __future__ import annotations

import pytest
from flask import Flask

from instrument_share.foundation.http.limits import visitor


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("", "127.0.0.1"),
    ],
)
def test_a_customer_who_has_a_whole_network_is_one_visitor(address, counted):
    with Flask(__name__).test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visitor() == counted
