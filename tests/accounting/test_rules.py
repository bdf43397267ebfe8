"""Prices, roundings and quotas as pure rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.accounting.rules import (
    TRANSFERS,
    Account,
    EntryKind,
    Line,
    Party,
    PayerCategory,
    Prices,
    Quantities,
    Quota,
    Unit,
    charge_lines,
    line_holds,
    payer_category,
)

HOST = Party(1, "CN")


@pytest.mark.parametrize(
    ("payer", "category"),
    [
        (Party(1, "CN"), PayerCategory.HOST_INTERNAL),
        (Party(2, "CN"), PayerCategory.DOMESTIC_ACADEMIC),
        (Party(3, "KZ"), PayerCategory.PARTNER_INSTITUTION),
        (None, PayerCategory.INDUSTRY),
    ],
)
def test_the_payer_category_follows_from_the_institution_and_its_country(payer, category):
    assert payer_category(payer, HOST) == category


# used, prices (hour, operator hour, sample), percent -> (unit, quantity, gross, discount, amount) …
CHARGES = [
    (Quantities(240), (60_000, 0, 0), 0, [("instrument_hour", 240, 240_000, 0, 240_000)]),
    (Quantities(0), (60_000, 0, 0), 0, [("instrument_hour", 0, 0, 0, 0)]),
    (Quantities(240), (60_000, 0, 0), 100, [("instrument_hour", 240, 240_000, 240_000, 0)]),
    (Quantities(90), (60_000, 0, 0), 50, [("instrument_hour", 90, 90_000, 45_000, 45_000)]),
    # a third of an hour at 1.00: 33.33… is rounded once
    (Quantities(20), (100, 0, 0), 0, [("instrument_hour", 20, 33, 0, 33)]),
    # half of a minor unit goes to the even neighbour: 0.5 -> 0, 1.5 -> 2, 2.5 -> 2
    (Quantities(30), (1, 0, 0), 0, [("instrument_hour", 30, 0, 0, 0)]),
    (Quantities(30), (3, 0, 0), 0, [("instrument_hour", 30, 2, 0, 2)]),
    (Quantities(30), (5, 0, 0), 0, [("instrument_hour", 30, 2, 0, 2)]),
    # the amount is rounded from the exact product, not from the rounded list price: 50 % of 2.5 is 1.25
    (Quantities(30), (5, 0, 0), 50, [("instrument_hour", 30, 2, 1, 1)]),
    (
        Quantities(60, operator_minutes=45, samples=3),
        (60_000, 12_000, 5_000),
        10,
        [
            ("instrument_hour", 60, 60_000, 6_000, 54_000),
            ("operator_hour", 45, 9_000, 900, 8_100),
            ("sample", 3, 15_000, 1_500, 13_500),
        ],
    ),
    (
        Quantities(60, operator_minutes=30),
        (0, 0, 0),
        0,
        [("instrument_hour", 60, 0, 0, 0), ("operator_hour", 30, 0, 0, 0)],
    ),
]


@pytest.mark.parametrize(("used", "prices", "percent", "lines"), CHARGES)
def test_charges(used, prices, percent, lines):
    found = charge_lines(used, Prices("CNY", *prices), percent)
    assert [
        (it.unit, it.quantity, it.gross_minor, it.discount_minor, it.amount_minor) for it in found
    ] == lines


amounts = st.integers(0, 10_000_000)


@given(amounts, amounts, st.integers(0, 100), st.integers(0, 100_000))
def test_amounts_are_the_exact_products_rounded_once(minutes, rate, percent, samples):
    for line in charge_lines(
        Quantities(minutes, 0, samples), Prices("CNY", rate, 0, rate), percent
    ):
        exact = Decimal(line.quantity) * rate / line.unit.parts
        payable = exact * (100 - percent) / 100
        assert abs(line.gross_minor - exact) <= Decimal("0.5")
        assert abs(line.amount_minor - payable) <= Decimal("0.5") + Decimal("1e-15")
        assert 0 <= line.amount_minor <= line.gross_minor
        assert line_holds(line)


@pytest.mark.parametrize("change", ["quantity", "rate_minor", "gross_minor", "amount_minor"])
def test_a_line_that_was_changed_does_not_hold(change):
    values = {
        "unit": Unit.SAMPLE, "quantity": 2, "rate_minor": 500, "gross_minor": 1000,
        "discount_percent": 10, "amount_minor": 900,
    }  # fmt: skip
    assert line_holds(Line(**values))
    assert not line_holds(Line(**values | {change: values[change] + 100}))


def test_what_is_left_is_what_was_granted_less_reserved_and_used():
    assert Quota(granted=600, reserved=120, used=60).left == 420
    assert Quota(granted=60, used=90).left == -30


def test_every_kind_of_entry_moves_between_two_accounts():
    assert set(TRANSFERS) == set(EntryKind)
    assert all(debit != credit for debit, credit in TRANSFERS.values())
    assert {account for pair in TRANSFERS.values() for account in pair} == set(Account)
