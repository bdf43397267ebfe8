"""Providers of sign-in by OpenID Connect, as the environment names them."""

from __future__ import annotations

import pytest

from instrument_share.settings import Settings, SettingsError

ORCID = {
    "OIDC_ORCID_ISSUER": "https://orcid.org",
    "OIDC_ORCID_CLIENT_ID": "APP-1",
    "OIDC_ORCID_CLIENT_SECRET": "hush",
}


def read(**given: str) -> Settings:
    environ = {"SECRET_KEY": "x" * 32} | given
    return Settings.from_environment(
        {f"INSTRUMENT_SHARE_{name}": environ[name] for name in environ}
    )


def test_several_providers_stand_by_their_names():
    other = {
        "OIDC_MY_UNI_ISSUER": "https://login.example.edu/realms/all",
        "OIDC_MY_UNI_CLIENT_ID": "share", "OIDC_MY_UNI_CLIENT_SECRET": "hush",
        "OIDC_MY_UNI_TITLE": "Example University", "OIDC_MY_UNI_MAX_AGE": "60",
        "OIDC_MY_UNI_ACR_VALUES": "mfa  https://refeds.org/profile/mfa",
    }  # fmt: skip
    settings = read(**ORCID, **other)
    assert [(each.name, each.title) for each in settings.oidc_providers] == [
        ("my-uni", "Example University"), ("orcid", "ORCID"),
    ]  # fmt: skip
    mine, orcid = settings.oidc_providers
    assert (mine.acr_values, mine.max_age) == (("mfa", "https://refeds.org/profile/mfa"), 60)
    assert (orcid.acr_values, orcid.max_age) == ((), None)
    assert "hush" not in repr(settings)
    assert read().oidc_providers == ()


@pytest.mark.parametrize("missing", sorted(ORCID))
def test_one_that_is_incomplete_stops_the_start(missing):
    with pytest.raises(SettingsError, match=f"INSTRUMENT_SHARE_{missing} is missing"):
        read(**{name: ORCID[name] for name in ORCID if name != missing})


@pytest.mark.parametrize(
    "issuer",
    ["http://orcid.org", "orcid.org", "https://", "https://a@orcid.org", "https://orcid.org?a=b",
     "https://orcid.org#a", "ftp://orcid.org", "http://127.0.0.1:9", "http://localhost:9", "https://[::"],
)  # fmt: skip
def test_an_address_that_is_not_safe_stops_the_start(issuer):
    with pytest.raises(SettingsError, match="INSTRUMENT_SHARE_OIDC_ORCID_ISSUER must be"):
        read(**ORCID | {"OIDC_ORCID_ISSUER": issuer})


def test_this_machine_serves_for_trying_out_where_the_operator_allows_it():
    given = ORCID | {"OIDC_ORCID_ISSUER": "http://127.0.0.1:9", "OUTSIDE_ADDRESSES": "127.0.0.0/8"}
    assert read(**given).oidc_providers[0].issuer == "http://127.0.0.1:9"
    with pytest.raises(SettingsError, match="ISSUER"):
        read(**given | {"OIDC_ORCID_ISSUER": "http://10.0.0.1", "OUTSIDE_ADDRESSES": "10.0.0.0/8"})


@pytest.mark.parametrize("typed", ["0", "an hour", "-1", "9" * 30, "٣"])
def test_an_age_that_is_no_number_of_minutes_stops_the_start(typed):
    with pytest.raises(SettingsError, match="OIDC_ORCID_MAX_AGE must be"):
        read(**ORCID, OIDC_ORCID_MAX_AGE=typed)


@pytest.mark.parametrize("name", ["OIDC_ISSUER", "OIDC_ORCID_SECRET", "OIDC__CLIENT_ID"])
def test_what_is_no_part_of_a_provider_is_unknown(name):
    with pytest.raises(SettingsError, match=f"{name} is not a setting"):
        read(**ORCID | {name: "x"})
