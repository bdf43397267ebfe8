"""Eligibility of real people for real instruments, told as sentences that lead somewhere."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from flask_babel import force_locale

from instrument_share.access.eligibility import check_eligible, eligibility_of
from instrument_share.access.errors import NotEligible

from ..support.builders import (
    AT,
    make_agreement,
    make_institution,
    make_instrument,
    make_person,
    make_qualification,
)


@pytest.fixture
def home(session):
    return make_institution(country="KZ")


@pytest.fixture
def ask(app, session):
    """Asks within a request, where addresses can be told."""

    def ask(person, instrument, mode=None):
        with app.test_request_context("/"):
            return eligibility_of(person, instrument, mode, at=AT)

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
        "vouched": "/account",
    }


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
def test_training_is_asked_of_the_facility(ask, home, needed, held, enough) -> None:
    instrument, person = make_instrument(qualification=needed), make_person(home)
    if held:
        make_qualification(person, instrument, held)
    expected = {} if enough else {"qualified": f"/facilities/{instrument.facility.slug}"}
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
