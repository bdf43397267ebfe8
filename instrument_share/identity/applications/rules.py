"""What an application of an institution may say. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

_DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})"
)

#: Mailboxes that anybody can open: an address there says nothing about where somebody works.
PUBLIC_MAIL = frozenset({
    "126.com", "139.com", "163.com", "aliyun.com", "aol.com", "bk.ru", "fastmail.com", "foxmail.com",
    "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com", "inbox.ru", "list.ru",
    "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "outlook.com", "proton.me",
    "protonmail.com", "qq.com", "rambler.ru", "sina.cn", "sina.com", "sohu.com", "tutanota.com", "web.de",
    "ya.ru", "yahoo.co.jp", "yahoo.com", "yandex.com", "yandex.kz", "yandex.ru", "yeah.net", "zoho.com",
})  # fmt: skip


class ApplicationState(StrEnum):
    """`waiting` until somebody decides; both decisions are final."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    DECLINED = "declined"


def normalized_domain(text: str) -> str | None:
    """A mail domain in its bare form (`@` and case taken off), or None where it is none."""
    bare = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        ascii_form = bare.encode("idna").decode()
    except UnicodeError:
        return None
    return ascii_form if _DOMAIN.fullmatch(ascii_form) else None


def is_public_mail(domain: str) -> bool:
    """Whether anybody can open a mailbox there."""
    return any(domain == each or domain.endswith(f".{each}") for each in PUBLIC_MAIL)


def slug_of(name: str, reference: str) -> str:
    """An address for a new institution: the Latin letters of its name, made unique by the application's reference."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    tail = reference.lower().replace("-", "")
    return f"{words}-{tail}" if words else tail
