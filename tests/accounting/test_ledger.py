"""The way of instrument minutes and money from the confirmation to the charge, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from instrument_share.accounting.charge_text import charges_of
from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.accounting.ledger import QuotaYear, post_minutes, quotas_of
from instrument_share.accounting.models import MinutesEntry, MoneyEntry, RateCard, UsageRecord
from instrument_share.accounting.rules import EntryKind, Quota
from instrument_share.accounting.services import grant_due
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as bookings
from instrument_share.foundation.signals import agreement_changed
from instrument_share.foundation.transaction import perform

from ..support.builders import AT, make_institution, make_rate_card
from .story import START, begin


@pytest.fixture
def story(session):
    return begin(discounts={"remote": 100, "on_site": 25})


def quota_of(story, year=2026):
    return quotas_of([story.agreement.id], year)[story.agreement.id]


def entries(session, model):
    return list(session.scalars(select(model).order_by(model.id)))


def test_confirmation_reserves_what_the_booking_will_take(story):
    story.asked()
    assert quota_of(story) == Quota()
    story.confirmed(START + timedelta(hours=5), hours=2)
    assert quota_of(story) == Quota(granted=6000, reserved=120)


@pytest.mark.parametrize("leave", ["cancel", "reschedule", "mark_no_show"])
def test_a_confirmed_booking_that_is_left_unused_gives_its_minutes_back(story, leave):
    booking = story.confirmed()
    if leave == "cancel":
        bookings.cancel(booking.reference, by=story.researcher, at=AT, version=None)
    elif leave == "reschedule":
        later = START + timedelta(days=2)
        bookings.reschedule(
            booking.reference, by=story.researcher, at=AT, version=None,
            starts_at=later, ends_at=later + timedelta(hours=6),
        )  # fmt: skip
    else:
        bookings.mark_no_show(booking.reference, by=story.manager, at=START, version=None)
    assert quota_of(story) == Quota(granted=6000)


def shorten(story, booking, hours):
    bookings.reschedule(
        booking.reference, by=story.researcher, at=AT, version=None,
        starts_at=booking.starts_at, ends_at=booking.starts_at + timedelta(hours=hours),
    )  # fmt: skip


def test_a_confirmed_booking_that_stays_confirmed_has_its_new_minutes_reserved(story, session):
    booking = story.confirmed(hours=4)
    shorten(story, booking, 1.5)
    assert quota_of(story) == Quota(granted=6000, reserved=90)
    kinds = [(entry.kind, entry.minutes) for entry in entries(session, MinutesEntry)]
    assert kinds[-2:] == [("reserve", 240), ("release", 150)]
    assert list(findings()) == []
    bookings.cancel(booking.reference, by=story.researcher, at=AT, version=None)
    assert quota_of(story) == Quota(granted=6000)


def test_the_last_minutes_of_a_quota_are_not_in_the_way_of_their_own_booking(session):
    story = begin(yearly_minutes=240)
    booking = story.confirmed(hours=4)
    shorten(story, booking, 3)
    assert quota_of(story) == Quota(granted=240, reserved=180)


def test_time_is_given_back_even_where_the_quota_is_overdrawn(session):
    story = begin(yearly_minutes=300)
    booking = story.confirmed(hours=4)
    story.agreement.yearly_minutes = 100
    grant_due(story.agreement, at=AT)
    shorten(story, booking, 3)
    assert (quota_of(story).reserved, quota_of(story).left) == (180, -80)


def test_a_move_into_the_next_year_takes_that_years_quota(session):
    start = datetime(2026, 12, 31, 14, tzinfo=UTC)
    story = begin()
    story.instrument.horizon_days = 400
    booking = story.confirmed(start, hours=12 - 4)
    assert quota_of(story, 2026).reserved == 480
    bookings.reschedule(
        booking.reference, by=story.researcher, at=AT, version=None,
        starts_at=start + timedelta(hours=10), ends_at=start + timedelta(hours=12),
    )  # fmt: skip
    for person in (story.manager, story.office):
        if booking.state == "submitted":
            bookings.approve(booking.reference, by=person, at=AT, version=None)
    assert (quota_of(story, 2026).reserved, quota_of(story, 2027).reserved) == (0, 120)


@pytest.mark.parametrize(("minutes", "used"), [(None, 240), (95, 95), (300, 300)])
def test_finishing_consumes_what_was_really_used(story, minutes, used):
    story.used(minutes=minutes)
    assert quota_of(story) == Quota(granted=6000, used=used)


def test_a_booking_beyond_the_quota_is_refused_and_nothing_is_written(session):
    story = begin(yearly_minutes=300)
    story.confirmed(hours=4)
    booking = story.asked(START + timedelta(hours=6), hours=2)
    bookings.approve(booking.reference, by=story.manager, at=AT, version=None)
    session.commit()
    with pytest.raises(QuotaExhausted) as refused:
        perform(bookings.approve, booking.reference, by=story.office, at=AT, version=None)
    assert refused.value.details == {
        "agreement": story.agreement.reference, "left_minutes": 60, "needed_minutes": 120,
    }  # fmt: skip
    assert quota_of(story) == Quota(granted=300, reserved=240)
    session.refresh(booking)
    assert booking.state == "submitted"


def test_a_partner_has_no_more_than_its_own_share(session):
    story = begin()
    story.agreement.partners[0].yearly_minutes = 300
    story.confirmed(hours=4)
    with pytest.raises(QuotaExhausted):
        story.confirmed(START + timedelta(hours=6), hours=2)


def test_the_database_itself_refuses_to_reserve_beyond_the_quota(story, session):
    grant_due(story.agreement, at=AT)
    year = QuotaYear(story.agreement.id, 2026)
    with pytest.raises(QuotaExhausted):
        post_minutes(EntryKind.RESERVE, year, 6001, at=AT)


def test_an_overrun_is_recorded_and_leaves_less_than_nothing(session):
    story = begin(yearly_minutes=240)
    story.used(hours=4, minutes=270)
    assert quota_of(story).left == -30
    with pytest.raises(QuotaExhausted):
        story.confirmed(START + timedelta(days=1), hours=0.5)


def test_quotas_are_granted_for_every_year_up_to_the_next(story):
    story.agreement.valid_until = date(2030, 12, 31)
    agreement_changed.send(story.agreement, by=None, at=AT)
    granted = {year: quota_of(story, year).granted for year in (2025, 2026, 2027, 2028)}
    assert granted == {2025: 0, 2026: 6000, 2027: 6000, 2028: 0}


def test_a_changed_quota_is_corrected_and_granting_again_adds_nothing(story, session):
    for minutes in (6000, 7000, 5000, 5000):
        story.agreement.yearly_minutes = minutes
        grant_due(story.agreement, at=AT)
    assert quota_of(story) == Quota(granted=5000)
    kinds = [entry.kind for entry in entries(session, MinutesEntry) if entry.year == 2026]
    assert kinds == ["grant", "grant", "correct"]


@pytest.mark.parametrize("state", ["draft", "suspended", "ended"])
def test_an_agreement_that_is_not_active_is_granted_nothing(story, state):
    story.agreement.state = state
    grant_due(story.agreement, at=AT)
    assert quota_of(story) == Quota()


def test_a_use_is_charged_line_by_line_and_booked_in_the_money_ledger(story, session):
    booking = story.used(minutes=230, operator_minutes=45, samples=3)
    (record,) = entries(session, UsageRecord)
    assert (record.minutes, record.operator_minutes, record.samples) == (230, 45, 3)
    assert [
        (it.unit, it.quantity, it.gross_minor, it.discount_minor, it.amount_minor)
        for it in record.lines
    ] == [
        ("instrument_hour", 230, 230_000, 57_500, 172_500),
        ("operator_hour", 45, 9_000, 2_250, 6_750),
        ("sample", 3, 15_000, 3_750, 11_250),
    ]
    booked = {
        (it.kind, it.debit, it.debit_institution_id, it.credit, it.credit_institution_id):
        session.scalar(select(func.sum(MoneyEntry.amount_minor)).where(MoneyEntry.kind == it.kind))
        for it in entries(session, MoneyEntry)
    }  # fmt: skip
    assert booked == {
        ("charge", "payer", story.partner.id, "income", story.host.id): 190_500,
        ("subsidy", "subsidy", story.host.id, "income", story.host.id): 63_500,
    }
    assert [line["amount"] for line in charges_of([booking.id])[booking.id]] == [
        "1725.00", "67.50", "112.50",
    ]  # fmt: skip


def test_a_waived_use_costs_nothing_and_says_why(story, app):
    booking = story.used(access_mode="remote")
    with app.test_request_context():
        (line,) = charges_of([booking.id])[booking.id]
    assert (line["gross"], line["discount"], line["amount"]) == ("2400.00", "2400.00", "0.00")
    assert line["description"] == (
        "Instrument time: 4 h at CN¥600.00 an hour = CN¥2,400.00, "
        f"waived by the agreement {story.agreement.reference}"
    )
    assert (line["quantity"], line["minutes"], line["unit"]) == ("4", 240, "instrument_hour")


def test_the_instruments_own_rate_card_comes_before_its_facilitys_and_the_newest_first(
    story, session
):
    make_rate_card(story.facility, instrument=story.instrument, instrument_hour_minor=10_000,
                   valid_from=date(2026, 2, 1))  # fmt: skip
    make_rate_card(story.facility, instrument=story.instrument, instrument_hour_minor=20_000,
                   valid_from=date(2026, 3, 1))  # fmt: skip
    make_rate_card(story.facility, instrument=story.instrument, instrument_hour_minor=30_000,
                   valid_from=date(2026, 4, 1))  # fmt: skip
    story.used()
    (record,) = entries(session, UsageRecord)
    assert record.lines[0].rate_minor == 20_000


def test_without_a_rate_card_a_use_is_free_in_the_hosts_currency(story, session):
    session.delete(session.scalar(select(RateCard)))
    story.used()
    (record,) = entries(session, UsageRecord)
    assert [(it.currency, it.rate_minor, it.amount_minor) for it in record.lines] == [("CNY", 0, 0)]
    assert entries(session, MoneyEntry) == []


def test_a_booking_without_an_agreement_touches_no_quota(story, session):
    other = make_institution()
    story.researcher.institution = other
    session.flush()
    story.used(agreement=None)
    assert entries(session, MinutesEntry) == []
    assert list(findings()) == []


def test_the_year_of_the_quota_is_that_of_the_time_used_in_utc(session):
    story = begin()
    story.agreement.valid_until = date(2028, 12, 31)
    story.instrument.horizon_days = 400
    story.used(datetime(2026, 12, 31, 20, tzinfo=UTC))  # already 2027 in Shanghai
    assert quota_of(story, 2026).used == 240
    assert quota_of(story, 2027).used == 0


@pytest.mark.parametrize("table", ["minutes_entry", "money_entry", "usage_record", "charge_line"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_ledgers_refuse_change(story, session, table, statement):
    story.used()
    session.commit()
    with pytest.raises(DBAPIError, match="append_only"):
        session.execute(text(statement.format(table)))
    session.rollback()


def test_somebody_without_an_institution_pays_the_full_price(story, session):
    make_rate_card(story.facility, payer_category="industry", instrument_hour_minor=100_000)
    story.researcher.institution = None
    session.flush()
    story.used(agreement=None)
    (record,) = entries(session, UsageRecord)
    assert [(it.payer_category, it.amount_minor) for it in record.lines] == [("industry", 400_000)]
    assert [it.debit_institution_id for it in entries(session, MoneyEntry)] == [None]
    assert list(findings()) == []
