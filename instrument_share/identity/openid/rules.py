"""Whose account it is when a provider says who somebody is. Pure.

A provider proves that somebody is its `subject`, and of a mail address only what it says to have verified. An account
is never found by an address alone: whoever has it signs in to it as before and then links the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ...foundation.identifiers import normalize_orcid
from .values import Claims

#: How long somebody may take at the provider, and afterwards to say what is still missing.
AT_PROVIDER, DECIDING = timedelta(minutes=10), timedelta(minutes=30)
#: So long it is remembered that a sign-in was used, to tell a replay.
KEPT = timedelta(days=2)
#: How far the provider's clock may be off.
SKEW_SECONDS = 60
#: Signatures that only the provider can make. Never `none`, and never one made with a secret that we hold, too.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")  # fmt: skip
_ORCID = frozenset({"https://orcid.org", "https://sandbox.orcid.org"})
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Way(StrEnum):
    """What becomes of somebody who comes back from a provider."""

    SIGN_IN = "sign_in"
    LINK = "link"
    LINKED_BEFORE = "linked_before"
    TAKEN = "taken"
    NOT_ASKED_FOR = "not_asked_for"
    OTHER_PERSON = "other_person"
    SIGN_IN_FIRST = "sign_in_first"
    NEW_ACCOUNT = "new_account"


def way_of(
    *, owner: int | None, linking: int | None, signed_in: int | None, has_account: bool
) -> Way:
    """What to do. `owner`: whose this identity is; `linking`: who asked on the account page to link one.

    `has_account`: whether an account has the mail address that the provider verified.
    """
    if linking is not None:
        return _way_of_linking(owner, linking, signed_in)
    if owner is not None:
        return Way.SIGN_IN
    if signed_in is not None:
        return Way.NOT_ASKED_FOR
    return Way.SIGN_IN_FIRST if has_account else Way.NEW_ACCOUNT


def _way_of_linking(owner: int | None, linking: int, signed_in: int | None) -> Way:
    if signed_in != linking:
        return Way.OTHER_PERSON
    if owner is None:
        return Way.LINK
    return Way.LINKED_BEFORE if owner == linking else Way.TAKEN


def trusted_mail(claims: Claims) -> str:
    """The mail address that the provider verified; "" where it says none or did not verify it."""
    is_mail = bool(_MAIL.fullmatch(claims.email)) and len(claims.email) <= 254
    return claims.email if claims.is_email_verified and is_mail else ""


def way_that_lacks(
    told: Mapping[str, Any], acr_values: Sequence[str], max_age: int | None, at: datetime
) -> str:
    """Which claim of a verified token does not say what is asked of the provider; "" where all is well.

    `acr_values` is a wish that a provider may pass over (OpenID Connect Core 1.0 section 3.1.2.1): so its answer is
    looked at. `max_age` is in minutes.
    """
    if acr_values and told.get("acr") not in acr_values:
        return "acr"
    if max_age is None:
        return ""
    since = told.get("auth_time")
    if isinstance(since, bool) or not isinstance(since, int | float):
        return "auth_time"
    is_fresh = at.timestamp() - since <= max_age * 60 + SKEW_SECONDS
    return "" if is_fresh else "auth_time"


def orcid_of(issuer: str, subject: str) -> str | None:
    """The ORCID iD that ORCID itself says somebody has; its check digit must be right."""
    return normalize_orcid(subject) if issuer in _ORCID else None


def is_subject(subject: object) -> bool:
    """At most 255 ASCII characters (OpenID Connect Core 1.0 section 2), and none that does not print."""
    return (
        isinstance(subject, str)
        and 0 < len(subject) <= 255
        and subject.isascii()
        and subject.isprintable()
    )


def is_over(since: datetime, patience: timedelta, at: datetime) -> bool:
    return at - since > patience


def may_unlink(*, has_password: bool, other_ways: int) -> bool:
    """Whether somebody can still sign in without this identity."""
    return has_password or other_ways > 0
