"""Who is eligible, exhaustively."""

from __future__ import annotations

from itertools import product

import pytest

from instrument_share.access.eligibility.rules import (
    Applicant,
    ConditionCode,
    Demands,
    conditions_met,
    is_open_to,
)
from instrument_share.access.rules import AGREEMENT_STEPS, AgreementState, Level, is_enough
from instrument_share.access.training.rules import Training

_BOOLS = (True, False)
_OPEN = {
    "all": ({"kind": "all"}, lambda who: True),
    "countries": (
        {"kind": "countries", "countries": ["KZ", "EG"]},
        lambda who: who.country == "KZ",
    ),
    "institutions": (
        {"kind": "institutions", "institutions": [7, 8]},
        lambda who: who.institution_id == 7,
    ),
    "agreement": ({"kind": "agreement"}, lambda who: who.has_agreement),
}
_APPLICANTS = [
    Applicant(mail, vouched, country, institution, agreement, Training(level))
    for mail, vouched, agreement, level in product(_BOOLS, _BOOLS, _BOOLS, Level)
    for country, institution in (("KZ", 7), ("FR", 9), (None, None))
]


@pytest.mark.parametrize("kind", _OPEN)
@pytest.mark.parametrize("needed", Level)
@pytest.mark.parametrize("safety", ["none", "chemical"])
def test_every_applicant_against_every_demand(kind: str, needed: Level, safety: str) -> None:
    open_to, admits = _OPEN[kind]
    for bookable, mode in product(_BOOLS, (None, "remote", "data")):
        demands = Demands(bookable, frozenset({"remote"}), mode, open_to, needed, safety)
        for applicant in _APPLICANTS:
            expected = {
                ConditionCode.SIGNED_IN: True,
                ConditionCode.MAIL_VERIFIED: applicant.mail_verified,
                ConditionCode.VOUCHED: applicant.vouched,
                ConditionCode.IN_SERVICE: bookable,
                ConditionCode.OPEN_TO: admits(applicant),
            }
            if mode is not None:
                expected[ConditionCode.MODE_OFFERED] = mode == "remote"
            if needed != Level.NONE:
                expected[ConditionCode.QUALIFIED] = applicant.training.level in (
                    needed,
                    Level.INDEPENDENT,
                )
            if safety != "none":
                expected[ConditionCode.SAFETY] = True
            assert conditions_met(demands, applicant) == expected


def test_a_visitor_is_asked_to_sign_in_first() -> None:
    demands = Demands(True, frozenset(), None, {"kind": "all"}, Level.SUPERVISED)
    assert conditions_met(demands, None) == {
        ConditionCode.SIGNED_IN: False,
        ConditionCode.IN_SERVICE: True,
        ConditionCode.OPEN_TO: True,
        ConditionCode.QUALIFIED: False,
    }


@pytest.mark.parametrize("kind", ["countries", "institutions", "agreement"])
def test_what_is_not_open_to_all_is_not_said_to_be_open_to_a_visitor(kind: str) -> None:
    demands = Demands(True, frozenset(), None, _OPEN[kind][0])
    assert conditions_met(demands, None)[ConditionCode.OPEN_TO] is False


def test_nothing_said_is_open_to_all() -> None:
    assert is_open_to({}, Applicant(False, False))


def test_more_training_is_enough_for_less() -> None:
    enough = {(held, needed) for held in Level for needed in Level if is_enough(held, needed)}
    none, supervised, independent = Level.NONE, Level.SUPERVISED, Level.INDEPENDENT
    assert enough == {
        (none, none),
        (supervised, none),
        (independent, none),
        (supervised, supervised),
        (independent, supervised),
        (independent, independent),
    }


def test_an_ended_agreement_stays_ended_and_nothing_returns_to_draft() -> None:
    assert AGREEMENT_STEPS[AgreementState.ENDED] == frozenset()
    assert set(AGREEMENT_STEPS) == set(AgreementState)
    assert not any(AgreementState.DRAFT in after for after in AGREEMENT_STEPS.values())
