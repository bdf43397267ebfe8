"""Providers of sign-in by OpenID Connect, as the environment names them: `OIDC_<NAME>_ISSUER` and so on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

_SETTING = re.compile(
    r"OIDC_(?P<name>[A-Z0-9]+(_[A-Z0-9]+)*)_"
    r"(?P<part>ISSUER|CLIENT_ID|CLIENT_SECRET|TITLE|ACR_VALUES|MAX_AGE)"
)
_NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """Who may say who somebody is. `name` stands in addresses and in the database, `title` on buttons.

    `acr_values`: how it must have recognised them, one of these (none: in any way). `max_age`: how many minutes ago
    that may have been at most (None: at any time).
    """

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    acr_values: tuple[str, ...] = ()
    max_age: int | None = None


def placeholder_of(setting: str) -> str:
    """`OIDC_<NAME>_ISSUER` for `OIDC_ORCID_ISSUER`; any other setting as it is."""
    found = _SETTING.fullmatch(setting)
    return f"OIDC_<NAME>_{found['part']}" if found else setting


def providers_in(
    given: Mapping[str, str], allowed: Iterable[IPv4Network | IPv6Network]
) -> tuple[OidcProvider, ...]:
    """The providers by name. `allowed`: networks besides the open internet that may be called.

    Raises ValueError with a sentence that begins with the setting at fault.
    """
    parts: dict[str, dict[str, str]] = {}
    for setting, value in given.items():
        if found := _SETTING.fullmatch(setting):
            parts.setdefault(found["name"], {})[found["part"]] = value.strip()
    networks = list(allowed)
    return tuple(_provider(name, parts[name], networks) for name in sorted(parts))


def _provider(
    name: str, parts: Mapping[str, str], allowed: Iterable[IPv4Network | IPv6Network]
) -> OidcProvider:
    for part in _NEEDED:
        if not parts.get(part):
            raise ValueError(
                f"OIDC_{name}_{part} is missing: a provider needs {_needed_in_words()}."
            )
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"OIDC_{name}_ISSUER has a name of more than {_LONGEST_NAME} characters.")
    if not _is_issuer(parts["ISSUER"], allowed):
        raise ValueError(
            f"OIDC_{name}_ISSUER must be the provider's https:// address, without a question mark, "
            "such as https://orcid.org."
        )
    return OidcProvider(
        name.lower().replace("_", "-"), parts.get("TITLE") or _title_of(name),
        parts["ISSUER"], parts["CLIENT_ID"], parts["CLIENT_SECRET"],
        tuple(parts.get("ACR_VALUES", "").split()), _minutes(name, parts.get("MAX_AGE", "")),
    )  # fmt: skip


def _minutes(name: str, typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or not 1 <= len(typed) <= 6 or not int(typed):
        raise ValueError(f"OIDC_{name}_MAX_AGE must be a number of minutes, such as 60.")
    return int(typed)


def _needed_in_words() -> str:
    return ", ".join(_NEEDED[:-1]) + f" and {_NEEDED[-1]}"


def _title_of(name: str) -> str:
    return "ORCID" if name == "ORCID" else name.replace("_", " ").title()


def _is_issuer(issuer: str, allowed: Iterable[IPv4Network | IPv6Network]) -> bool:
    """As OpenID Connect Discovery 1.0 section 3 has it: https, no query, no fragment."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or "?" in issuer or "#" in issuer:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and _is_this_machine(parts.hostname, allowed)
    )


def _is_this_machine(host: str, allowed: Iterable[IPv4Network | IPv6Network]) -> bool:
    """A loopback address that the operator allows to be called: for trying things out."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and any(
        address in network for network in allowed if network.version == address.version
    )
