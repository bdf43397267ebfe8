"""Whose account it is when a provider says who somebody is."""

from __future__ import annotations

import pytest

from instrument_share.identity.openid.rules import (
    Way,
    is_subject,
    may_unlink,
    orcid_of,
    trusted_mail,
    way_of,
)
from instrument_share.identity.openid.values import Claims

ME, ANOTHER = 1, 2


@pytest.mark.parametrize(
    ("owner", "linking", "signed_in", "has_account", "way"),
    [
        (ME, None, None, False, Way.SIGN_IN),
        (ME, None, None, True, Way.SIGN_IN),
        (ME, None, ANOTHER, True, Way.SIGN_IN),
        (None, None, None, True, Way.SIGN_IN_FIRST),
        (None, None, None, False, Way.NEW_ACCOUNT),
        (None, None, ME, True, Way.NOT_ASKED_FOR),
        (None, ME, ME, True, Way.LINK),
        (None, ME, ME, False, Way.LINK),
        (ME, ME, ME, True, Way.LINKED_BEFORE),
        (ANOTHER, ME, ME, True, Way.TAKEN),
        (None, ME, ANOTHER, False, Way.OTHER_PERSON),
        (ANOTHER, ME, None, False, Way.OTHER_PERSON),
        (None, ME, None, True, Way.OTHER_PERSON),
    ],
)
def test_what_becomes_of_who_comes_back(owner, linking, signed_in, has_account, way):
    found = way_of(owner=owner, linking=linking, signed_in=signed_in, has_account=has_account)
    assert found is way


@pytest.mark.parametrize(
    ("told", "mail"),
    [
        ({"email": "A@Uni.Example", "email_verified": True}, "a@uni.example"),
        ({"email": "a@uni.example"}, ""),
        ({"email": "a@uni.example", "email_verified": False}, ""),
        ({"email": "a@uni.example", "email_verified": "true"}, ""),
        ({"email": "a@uni.example", "email_verified": 1}, ""),
        ({"email": "a@uni.example\r\nBcc: b@uni.example", "email_verified": True}, ""),
        ({"email": ["a@uni.example"], "email_verified": True}, ""),
        ({"email": "nobody", "email_verified": True}, ""),
        ({"email_verified": True}, ""),
    ],
)
def test_an_address_counts_only_where_the_provider_verified_it(told, mail):
    assert trusted_mail(Claims.of("https://x.example", {"sub": "1", **told})) == mail


def test_names_are_taken_as_they_come():
    assert (
        Claims.of("i", {"sub": "1", "given_name": "Әйгерім", "family_name": "С."}).name
        == "Әйгерім С."
    )
    assert Claims.of("i", {"sub": "1", "name": "A\x00B"}).name == ""


def test_an_orcid_id_is_believed_of_orcid_alone():
    assert orcid_of("https://orcid.org", "0000-0002-1825-0097") == "0000-0002-1825-0097"
    assert orcid_of("https://orcid.org", "0000-0002-1825-0098") is None
    assert orcid_of("https://evil.example", "0000-0002-1825-0097") is None


@pytest.mark.parametrize("subject", ["", "x" * 256, "ж", "a\nb", None, 7, ["a"]])
def test_what_is_no_subject(subject):
    assert not is_subject(subject)


def test_the_last_way_in_stays():
    assert may_unlink(has_password=True, other_ways=0)
    assert may_unlink(has_password=False, other_ways=1)
    assert not may_unlink(has_password=False, other_ways=0)
