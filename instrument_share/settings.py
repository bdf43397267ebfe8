"""Settings from the environment, prefix `INSTRUMENT_SHARE_`, checked at start.

A missing or wrong one raises SettingsError with one sentence that names it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .foundation.languages import DEFAULT, LANGUAGES, language_of
from .oidc_settings import OidcProvider, placeholder_of, providers_in

PREFIX = "INSTRUMENT_SHARE_"
Network = IPv4Network | IPv6Network
#: Every setting, in the order in which an operator meets them; docs/reference/settings.md is made of this.
DESCRIBED = {
    "SECRET_KEY": "At least 32 random characters, from which sessions and secret addresses are derived. "
    "Required outside the demonstration.",
    "BASE_URL": "The site's public address, without a path. With `https://` the cookie is Secure and named "
    "`__Host-session`, and HSTS is sent.",
    "PROXIES": "How many proxies stand before the server, each of which adds to `X-Forwarded-For`: usually `1`. With "
    "the default `0` that header is not believed, and behind a proxy all visitors share one rate limit.",
    "DATABASE_URL": "`sqlite:///…` or `postgresql+psycopg://user:password@host/name`. "
    "Default: an SQLite file in the instance folder.",
    "DATABASE_REPLICA_URLS": "Read-only copies of the database, separated by spaces. Accepted, not used yet.",
    "INSTANCE_DIR": "Where the SQLite file, written mail and stored files go unless told otherwise. Default: "
    "`instance` in the folder from which the program is started.",
    "STORAGE_DIR": "Where uploaded files are kept. Default: `storage` in the instance folder.",
    "MAIL_URL": "`smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`; `file://` for a folder. "
    "Default: messages are written to `mail/` in the instance folder and not sent.",
    "MAIL_FROM": "The address that mail comes from.",
    "OUTSIDE_ADDRESSES": "Networks besides the open internet in which outside calendars and providers of sign-in may "
    "lie, such as `10.20.0.0/16 fd00::/8`. Default: none; private and local addresses are refused.",
    "OIDC_<NAME>_ISSUER": "A provider of sign-in by OpenID Connect: its `https://` address, exactly as the provider "
    "writes it. `<NAME>` is yours to choose, such as `ORCID`; as many providers as you like.",
    "OIDC_<NAME>_CLIENT_ID": "What the provider calls this site.",
    "OIDC_<NAME>_CLIENT_SECRET": "The secret that the provider gave this site.",
    "OIDC_<NAME>_TITLE": "The provider's name on the buttons. Default: made of `<NAME>`.",
    "OIDC_<NAME>_ACR_VALUES": "How the provider must have recognised somebody: one of these, with spaces between, such "
    "as `https://refeds.org/profile/mfa`. Default: in any way.",
    "OIDC_<NAME>_MAX_AGE": "How many minutes ago the provider may have recognised somebody at most. Default: it may "
    "let in whoever it still remembers.",
    "REDIS_URL": "`redis://…`, `rediss://user:password@host:port/number` or `redis+unix:///path`: where several "
    "processes or machines share their rate limits. Default: each process counts alone, as it also does while Redis "
    "does not answer.",
    "DEFAULT_LOCALE": "The language for visitors whose own languages are not shipped. One of "
    f"{', '.join(f'`{language.tag}`' for language in LANGUAGES)}.",
    "LOG_FORMAT": "`console` or `json`.",
    "RATE_LIMITS": "`on`, or `off` for measurements.",
    "DEMO": "`on` opens the demonstration's accounts. Never on a site with real people.",
}


class SettingsError(Exception):
    """One sentence that names the setting at fault and says what it takes."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides for itself. `demo` opens the demonstration's accounts."""

    database_url: str
    secret_key: str = field(repr=False)
    instance_dir: Path
    base_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    mail_url: str = ""
    mail_from: str = "instrument-share@localhost"
    outside_addresses: tuple[Network, ...] = ()
    oidc_providers: tuple[OidcProvider, ...] = ()
    redis_url: str = ""
    storage_dir: Path | None = None
    default_locale: str = DEFAULT.tag
    log_format: str = "console"
    rate_limits: bool = True
    demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, demo: bool = False) -> Settings:
        """Read and check every setting; raise SettingsError at the first that is missing or wrong."""
        given = {
            key[len(PREFIX) :]: value
            for key, value in environ.items()
            if key.startswith(PREFIX) and value
        }
        _refuse_unknown(given)
        demo = demo or _switch(given, "DEMO", off=("", "0", "off"), on=("1", "on"))
        instance = Path(given.get("INSTANCE_DIR", "instance")).resolve()
        return cls(
            database_url=_database_url(given, instance),
            secret_key=_secret_key(given, instance, demo),
            instance_dir=instance,
            base_url=_base_url(given),
            proxies=_proxies(given),
            mail_url=_mail_url(given),
            mail_from=_mail_from(given),
            outside_addresses=_networks(given),
            oidc_providers=_providers(given),
            redis_url=_redis_url(given),
            storage_dir=Path(given["STORAGE_DIR"]).resolve()
            if "STORAGE_DIR" in given
            else instance / "storage",
            default_locale=_locale(given),
            log_format=_choice(given, "LOG_FORMAT", ("console", "json")),
            rate_limits=_switch(given, "RATE_LIMITS", off=("off", "0"), on=("", "on", "1")),
            demo=demo,
        )

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded default, SQLite."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def _refuse_unknown(given: Mapping[str, str]) -> None:
    for name in given:
        if placeholder_of(name) not in DESCRIBED:
            raise SettingsError(
                f"{PREFIX}{name} is not a setting; see the list in docs/reference/settings.md."
            )


def _database_url(given: Mapping[str, str], instance: Path) -> str:
    text = given.get("DATABASE_URL", f"sqlite:///{instance / 'instrument_share.sqlite'}")
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError(
            f"{PREFIX}DATABASE_URL is not a database address such as postgresql+psycopg://user@host/name."
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(
            f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://."
        )
    return url.render_as_string(hide_password=False)


def _secret_key(given: Mapping[str, str], instance: Path, demo: bool) -> str:
    key = given.get("SECRET_KEY", "")
    if key and len(key) < 32:
        raise SettingsError(f"{PREFIX}SECRET_KEY must have at least 32 characters.")
    if key:
        return key
    if not demo:
        raise SettingsError(
            f"{PREFIX}SECRET_KEY is missing: set at least 32 random characters, "
            "for example from `openssl rand -hex 32`."
        )
    return _kept_secret(instance / "secret_key")


def _kept_secret(file: Path) -> str:
    """The demonstration's key, made once and kept in the instance folder so that sessions outlive a restart."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()


def _base_url(given: Mapping[str, str]) -> str:
    text = given.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise SettingsError(
            f"{PREFIX}BASE_URL must be the site's address without a path, such as https://share.example.edu."
        )
    return text


def _proxies(given: Mapping[str, str]) -> int:
    text = given.get("PROXIES", "0")
    if text not in tuple("0123456789"):
        raise SettingsError(f"{PREFIX}PROXIES must be how many proxies there are, 0 to 9.")
    return int(text)


def _mail_url(given: Mapping[str, str]) -> str:
    text = given.get("MAIL_URL", "")
    if text and urlsplit(text).scheme not in ("smtp", "smtps", "smtp+starttls", "file"):
        raise SettingsError(
            f"{PREFIX}MAIL_URL must begin with smtp://, smtps://, smtp+starttls:// or file://."
        )
    return text


def _mail_from(given: Mapping[str, str]) -> str:
    text = given.get("MAIL_FROM", "instrument-share@localhost")
    name, _, domain = text.rpartition("@")
    if (
        not name
        or not domain
        or any(character.isspace() or character in "<>," for character in text)
    ):
        raise SettingsError(
            f"{PREFIX}MAIL_FROM must be a mail address alone, such as instruments@example.edu."
        )
    return text


def _redis_url(given: Mapping[str, str]) -> str:
    text = given.get("REDIS_URL", "")
    if text and urlsplit(text).scheme not in ("redis", "rediss", "redis+unix"):
        raise SettingsError(
            f"{PREFIX}REDIS_URL must begin with redis://, rediss:// or redis+unix://."
        )
    return text


def _networks(given: Mapping[str, str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each) for each in given.get("OUTSIDE_ADDRESSES", "").split())
    except ValueError:
        raise SettingsError(
            f"{PREFIX}OUTSIDE_ADDRESSES must be networks separated by spaces, such as 10.20.0.0/16 fd00::/8."
        ) from None


def _providers(given: Mapping[str, str]) -> tuple[OidcProvider, ...]:
    try:
        return providers_in(given, _networks(given))
    except ValueError as fault:
        raise SettingsError(f"{PREFIX}{fault}") from None


def _locale(given: Mapping[str, str]) -> str:
    found = language_of(given.get("DEFAULT_LOCALE", DEFAULT.tag))
    if found is None:
        raise SettingsError(
            f"{PREFIX}DEFAULT_LOCALE must be one of the shipped languages: "
            f"{', '.join(language.tag for language in LANGUAGES)}."
        )
    return found.tag


def _choice(given: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, allowed[0])
    if value not in allowed:
        raise SettingsError(f"{PREFIX}{name} must be one of: {', '.join(allowed)}.")
    return value


def _switch(
    given: Mapping[str, str], name: str, *, off: tuple[str, ...], on: tuple[str, ...]
) -> bool:
    value = given.get(name, "").lower()
    if value not in on + off:
        raise SettingsError(f"{PREFIX}{name} must be on or off.")
    return value in on
