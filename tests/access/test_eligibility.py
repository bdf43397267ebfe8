"""Eligibility of real people for real instruments, told as sentences that lead somewhere."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from flask_babel import force_locale

from instrument_share.access import quota_left
from instrument_share.access.eligibility import check_eligible, eligibilities_of, eligibility_of
from instrument_share.access.errors import NotEligible

from ..support.builders import (
    AT,
    make_agreement,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_project,
    make_qualification,
)


@pytest.fixture
def home(session):
    return make_institution(country="KZ")


@pytest.fixture
def ask(app, session):
    """Asks within a request, where addresses can be told."""

    def ask(person, instrument, mode=None, **how):
        session.flush()
        with app.test_request_context("/"):
            found = eligibility_of(person, instrument, mode, at=AT, **how)
            assert found.conditions  # told where the links lead somewhere
            return found

    return ask


def unmet(eligibility) -> dict[str, str | None]:
    return {each.code: each.action_url for each in eligibility.conditions if not each.met}


def test_whoever_meets_everything_is_eligible(ask, home) -> None:
    eligibility = ask(make_person(home), make_instrument(), "on_site")
    assert eligibility.eligible
    assert unmet(eligibility) == {}
    check_eligible(eligibility)


def test_a_visitor_is_led_to_sign_in_and_back(ask) -> None:
    assert unmet(ask(None, make_instrument(slug="tem"))) == {
        "signed_in": "/sign-in?next=/instruments/tem"
    }


def test_proofs_are_led_to_the_account(ask, home) -> None:
    person = make_person(home, verification="unverified", mail_verified_at=None)
    assert unmet(ask(person, make_instrument())) == {
        "mail_verified": "/account",
        "vouched": "/account/vouching",
    }
    stray = make_person(None, verification="unverified")
    assert unmet(ask(stray, make_instrument())) == {"vouched": "/account/vouching"}


@pytest.mark.parametrize("status", ["out_of_service", "retired"])
def test_an_instrument_that_is_not_in_service(ask, home, status) -> None:
    assert unmet(ask(make_person(home), make_instrument(status=status))) == {"in_service": "/"}


def test_a_mode_that_is_not_offered_names_those_that_are(ask, home) -> None:
    instrument = make_instrument(modes=["remote", "mail_in"])
    eligibility = ask(make_person(home), instrument, "data")
    (condition,) = [each for each in eligibility.conditions if not each.met]
    assert condition.code == "mode_offered"
    assert "Mail-in" in condition.message
    assert "Remote" in condition.message


def test_countries_and_institutions_are_named(ask, home) -> None:
    in_egypt = make_instrument(open_to={"kind": "countries", "countries": ["EG"]})
    of_one = make_instrument(open_to={"kind": "institutions", "institutions": [home.id]})
    stranger = make_person(make_institution(country="FR"))
    assert list(unmet(ask(stranger, in_egypt))) == ["open_to"]
    assert "Egypt" in ask(stranger, in_egypt).conditions[-1].message
    assert home.name("en") in ask(stranger, of_one).conditions[-1].message
    assert ask(make_person(home), of_one).eligible
    with force_locale("ar"):
        assert "مصر" in eligibility_of(stranger, in_egypt, None, at=AT).conditions[-1].message


def test_an_agreement_opens_what_it_covers(ask, home) -> None:
    instrument = make_instrument(open_to={"kind": "agreement"})
    person = make_person(home)
    assert unmet(ask(person, instrument)) == {"open_to": "/agreements"}
    make_agreement(instrument.facility.host, home)
    assert ask(person, instrument).eligible


def test_the_hours_that_agreements_leave_are_told(ask, home, monkeypatch) -> None:
    instrument, person = make_instrument(open_to={"kind": "agreement"}), make_person(home)
    first = make_agreement(instrument.facility.host, home)
    second = make_agreement(instrument.facility.host, home)
    left = {first.id: 0, second.id: 90}
    monkeypatch.setattr(quota_left._known, "ask", lambda ids, year: left)
    told = ask(person, instrument, with_hours=True)
    assert told.eligible
    assert "1 h 30 min are left" in told.conditions[-1].message
    left[second.id] = 0
    assert unmet(ask(person, instrument, with_hours=True)) == {"hours_left": "/agreements"}
    assert ask(person, instrument).eligible  # the ledger decides, for the year of the booking


def test_an_instrument_of_projects_is_asked_of_the_project(ask, home) -> None:
    project = make_project(reference="P-7", titles={"en": "Deep earth"})
    instrument = make_instrument(open_to={"kind": "projects", "projects": [project.id]})
    person = make_person(home)
    eligibility = ask(person, instrument)
    assert unmet(eligibility) == {"open_to": "/projects/P-7/join"}
    assert "Deep earth" in eligibility.conditions[-1].message
    project.members.append(person)
    assert ask(person, instrument).eligible
    project.ends_on = date(2026, 3, 1)
    assert not ask(person, instrument).eligible


@pytest.mark.parametrize(
    ("needed", "held", "enough"),
    [
        ("supervised", None, False),
        ("supervised", "supervised", True),
        ("supervised", "independent", True),
        ("independent", "supervised", False),
        ("independent", "independent", True),
    ],
)
def test_training_is_found_by_the_instrument(ask, home, needed, held, enough) -> None:
    instrument, person = make_instrument(qualification=needed), make_person(home)
    if held:
        make_qualification(person, instrument, held)
    expected = {} if enough else {"qualified": f"/training?instrument={instrument.slug}"}
    assert unmet(ask(person, instrument)) == expected


def test_training_runs_out(ask, home) -> None:
    instrument, person = make_instrument(qualification="supervised"), make_person(home)
    row = make_qualification(person, instrument, "supervised")
    row.valid_until = AT.date()
    assert ask(person, instrument).eligible
    row.valid_until = date(2026, 3, 1)
    assert list(unmet(ask(person, instrument))) == ["qualified"]


def test_a_safety_class_is_told_beforehand(ask, home) -> None:
    eligibility = ask(make_person(home), make_instrument(safety_class="radiation"))
    assert eligibility.eligible
    assert "Ionising radiation" in eligibility.conditions[-1].message


def test_a_refusal_carries_every_condition(session, home) -> None:
    eligibility = eligibility_of(
        make_person(home, verification="unverified"), make_instrument(), "on_site", at=AT
    )
    with pytest.raises(NotEligible) as refused:
        check_eligible(eligibility)
    assert refused.value.details["conditions"] == [asdict(each) for each in eligibility.conditions]
    assert (refused.value.status, refused.value.code) == (403, "not_eligible")


def test_the_plain_case_asks_few_queries(session, home, count_queries) -> None:
    person, instrument = make_person(home), make_instrument()
    assert instrument.access_modes
    with count_queries() as queries:
        eligibility_of(person, instrument, "on_site", at=AT)
    assert queries.count == 0, queries


def test_many_instruments_ask_no_more_than_one(session, home, count_queries) -> None:
    """Every kind of demand at once, for the same answers as one by one."""
    person, project = make_person(home), make_project()
    kinds = (
        {"kind": "all"},
        {"kind": "agreement"},
        {"kind": "projects", "projects": [project.id]},
        {"kind": "institutions", "institutions": [home.id]},
        {"kind": "countries", "countries": ["EG"]},
    )
    hosts = [make_facility() for _ in range(3)]
    make_agreement(hosts[0].host, home)
    instruments = [
        make_instrument(hosts[n % 3], open_to=kinds[n % 5], qualification=level)
        for n, level in enumerate(("none", "supervised", "independent") * 10)
    ]
    make_qualification(person, instruments[1], "supervised")
    session.flush()
    with count_queries() as queries:
        many = eligibilities_of(person, instruments, None, at=AT, with_hours=True)
    assert queries.count <= 6, queries
    assert len({each.eligible for each in many.values()}) == 2
    for each in instruments:
        one = eligibility_of(person, each, None, at=AT, with_hours=True)
        assert (many[each.id].conditions, many[each.id].supervised) == (
            one.conditions,
            one.supervised,
        )
