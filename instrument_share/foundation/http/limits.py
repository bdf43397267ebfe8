"""The rate limiter that faces put on what can be guessed or worn out."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from flask_limiter import Limiter


def visitor() -> str:
    """Who is counted: an address, and of IPv6 the network of 64 bits, all of which a single customer has."""
    return visitor_at(request.remote_addr)


def visitor_at(remote: str | None) -> str:
    """The same of the address that a connection comes from."""
    told = remote or "127.0.0.1"
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:  # a socket of this machine
        return told
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(ip_network((address, 64), strict=False))
    return told


class RouteLimiter(Limiter):
    """Limits stand on routes alone, which check them by themselves: before a request there is nothing to look for."""

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RouteLimiter(visitor, strategy="moving-window")

#: Guessing a password, per address.
SIGN_IN = "30 per minute; 300 per hour"
#: Checking codes of letters, per address.
CODES = "60 per minute; 600 per hour"
#: Guessing a secret address or hammering the search, per address.
PUBLIC = "600 per minute"
#: Calls that write, per address; never slows below 50 a second.
WRITING = "6000 per minute"
