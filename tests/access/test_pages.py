"""The agreements' pages."""

from __future__ import annotations

import re

import pytest

from instrument_share.access import quota_left
from instrument_share.access.agreements import use
from instrument_share.access.agreements.use import Use, UseOfYear
from instrument_share.identity.rules import Role, Scope

from ..support import signing
from ..support.builders import grant, make_agreement, make_facility, make_institution, make_person


@pytest.fixture
def facility(session):
    return make_facility(slug="centre", names={"en": "Centre of microscopy"})


@pytest.fixture
def agreement(facility, monkeypatch):
    partner = make_institution(names={"en": "Al-Farabi University"})
    agreement = make_agreement(
        facility.host,
        partner,
        reference="AG-1",
        titles={"en": "Joint microscopy"},
        yearly_minutes=6000,
        discounts={"remote": 50},
    )
    monkeypatch.setattr(quota_left._known, "ask", lambda ids, year: dict.fromkeys(ids, 4500))
    year = UseOfYear(granted=6000, total=Use(reserved=0, used=1500))
    monkeypatch.setattr(use._known, "ask", lambda agreement, wanted: year)
    return agreement


@pytest.fixture
def sign_in(client):
    def sign_in(person, role=None, scope=None):
        if role:
            grant(person, role, scope)
        signing.sign_in(client, person)

    return sign_in


@pytest.fixture
def researcher(agreement, sign_in):
    home = agreement.partners[0].institution
    sign_in(make_person(home), Role.RESEARCHER, Scope("institution", home.id))


@pytest.fixture
def office(agreement, sign_in):
    host = agreement.hosts[0]
    sign_in(make_person(host), Role.INTERNATIONAL_OFFICE, Scope("institution", host.id))


def test_a_researcher_sees_what_is_agreed_and_left(client, researcher) -> None:
    listing = client.get("/agreements").text
    assert "Joint microscopy" in listing
    assert "75 h" in listing
    page = client.get("/agreements/AG-1").text
    for words in ("Al-Farabi University", "75 h of 100 h are left", "50%", "Centre of microscopy"):
        assert words in page
    assert "End for good" not in page


def test_what_is_not_ones_own_is_not_found(client, agreement, sign_in) -> None:
    sign_in(make_person(make_institution()))
    assert "No agreement yet" in client.get("/agreements").text
    assert client.get("/agreements/AG-1").status_code == 404
    answer = client.post("/agreements/AG-1/end", data={"version": "1"})
    assert answer.status_code == 404
    assert agreement.state == "active"


def test_visitors_sign_in_first(client, agreement) -> None:
    for path in ("/agreements", "/agreements/AG-1"):
        assert client.get(path).status_code == 302


def test_the_office_moves_an_agreement_along_its_states(client, agreement, office) -> None:
    page = client.get("/agreements/AG-1").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert client.post("/agreements/AG-1/suspend", data={"version": version}).status_code == 302
    assert agreement.state == "suspended"
    again = client.post("/agreements/AG-1/suspend", data={"version": version})
    assert again.status_code == 409
    assert client.post("/agreements/AG-1/end", data={"version": ""}).status_code == 422
    assert client.post("/agreements/AG-1/sell", data={"version": version}).status_code == 404
    assert agreement.state == "suspended"


def test_a_researcher_changes_nothing(client, agreement, researcher) -> None:
    answer = client.post("/agreements/AG-1/end", data={"version": str(agreement.version)})
    assert answer.status_code == 403
    assert agreement.state == "active"


def test_the_list_asks_few_queries(client, agreement, researcher, count_queries) -> None:
    home = agreement.partners[0].institution
    for _ in range(5):
        make_agreement(make_facility().host, home)
    with count_queries() as queries:
        assert client.get("/agreements").status_code == 200
    assert queries.count <= 12, queries
