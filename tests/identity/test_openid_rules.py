"""Whose account it is when a provider says who somebody is."""

from __future__ import annotations

import pytest

from instrument_share.identity.openid.discovery import Memory, keys_of, metadata_of
from instrument_share.identity.openid.errors import TokenInvalid
from instrument_share.identity.openid.rules import (
    Way,
    is_subject,
    may_unlink,
    orcid_of,
    trusted_mail,
    way_of,
)
from instrument_share.identity.openid.values import Claims
from instrument_share.oidc_settings import OidcProvider

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


class Told:
    """In place of the wire: the provider answers this."""

    def __init__(self, document):
        self._document = document

    def document(self, _url, **_headers):
        return self._document


PROVIDER = OidcProvider("x", "X", "https://x.example", "client", "hush")
FIT = {
    "issuer": "https://x.example",
    "authorization_endpoint": "https://x.example/there",
    "token_endpoint": "https://x.example/token",
    "jwks_uri": "https://keys.example/keys",
}


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://y.example"},
        {"issuer": "https://x.example/"},
        {"issuer": None},
        {"token_endpoint": "http://x.example/token"},
        {"token_endpoint": None},
        {"token_endpoint": ["https://x.example/token"]},
        {"jwks_uri": "https:"},
        {"jwks_uri": "https://[x"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://169.254.169.254/"},
    ],
)
def test_a_discovery_document_that_leads_astray_is_not_followed(change):
    assert metadata_of(PROVIDER, Told(FIT), Memory()).scopes == ("openid", "profile", "email")
    with pytest.raises(TokenInvalid):
        metadata_of(PROVIDER, Told(FIT | change), Memory())


def test_only_what_the_provider_alone_can_sign_is_taken():
    offered = ["none", "HS256", "RS256", "ES256", "XX"]
    told = FIT | {"id_token_signing_alg_values_supported": offered, "scopes_supported": ["openid"]}
    metadata = metadata_of(PROVIDER, Told(told), Memory())
    assert (metadata.algorithms, metadata.scopes) == (("RS256", "ES256"), ("openid",))
    keys = [{"kty": "oct", "k": "x"}, {"kty": "RSA", "use": "enc"}, {"kty": "EC"}, "x", None]
    assert keys_of(metadata, Told({"keys": keys}), Memory()) == {"keys": [{"kty": "EC"}]}
