"""Which addresses the site itself may call for somebody else: those of the open internet, and what the operator adds.

Whoever names an address (of a calendar, of a provider) must not make the server speak to machines inside its own
network.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from .faults import CallFailed, Why

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect to: a name that was looked up once, and the address that stays with it."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def check_is_web(url: str) -> None:
    """Raises CallFailed for what is no address of the web."""
    _parts(url)


def target_of(url: str, allowed: Iterable[Network] = ()) -> Target:
    """The looked-up target of a web address. Raises CallFailed where any of its addresses must not be called."""
    scheme, host, port, path = _parts(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed(Why.UNRESOLVED) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    networks = list(allowed)
    if not addresses or not all(may_call(each, networks) for each in addresses):
        raise CallFailed(Why.REFUSED_ADDRESS)
    return Target(scheme, host, port, path, addresses[0])


def may_call(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address lies on the open internet, or in a network that is allowed besides. Pure.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged as what it leads to.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _meant_by(address)
    if any(inner in network for network in allowed if network.version == inner.version):
        return True
    return all(_is_public(each) for each in (address, inner))


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise CallFailed(Why.BAD_ADDRESS) from None
    is_web = parts.scheme in _PORTS and parts.hostname and "@" not in parts.netloc
    if not is_web or len(url) > 2000 or not url.isprintable() or " " in url:
        raise CallFailed(Why.BAD_ADDRESS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, str(parts.hostname), port or _PORTS[parts.scheme], path


def _meant_by(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or int(address) >> 32 == 0:  # the last 32 bits; also "IPv4-compatible"
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return True  # judged by the address inside
    return address.is_global and not address.is_multicast
