"""Decisions on a series: all at once, or one occurrence by itself."""

from __future__ import annotations

import pytest

from instrument_share.access.agreements.models import Agreement
from instrument_share.accounting.services import grant_due
from instrument_share.booking import services as bookings
from instrument_share.booking.series.errors import NothingToDo, OccurrenceRefused
from instrument_share.booking.series.services import approve_series, reject_series
from instrument_share.foundation.errors import Forbidden, NotFound
from tests.booking.series.stage import made, occurrences, states
from tests.support.builders import AT, make_agreement, make_institution, make_person


def test_a_decision_decides_for_the_whole_series(scene):
    series = made(scene)
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    assert states(scene, series) == ["submitted"] * 4
    view = approve_series(series.reference, by=scene.office, at=AT, version=None, comment="Fine.")
    assert [row.state for row in view.bookings] == ["confirmed"] * 4
    assert all(row.steps[1].decided_by is scene.office for row in view.bookings)


def test_one_occurrence_is_decided_by_itself_and_the_rest_together(scene):
    series = made(scene)
    odd = occurrences(scene, series)[1]
    bookings.reject(odd.reference, by=scene.manager, at=AT, version=None, comment="Holiday.")
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    approve_series(series.reference, by=scene.office, at=AT, version=None)
    assert states(scene, series) == ["confirmed", "rejected", "confirmed", "confirmed"]


def test_whoever_is_not_asked_does_not_decide(scene):
    series = made(scene)
    with pytest.raises(Forbidden):
        approve_series(series.reference, by=scene.office, at=AT, version=None)
    with pytest.raises(Forbidden):
        approve_series(series.reference, by=scene.applicant, at=AT, version=None)
    with pytest.raises(NotFound):
        approve_series(series.reference, by=make_person(make_institution()), at=AT, version=None)
    reject_series(series.reference, by=scene.manager, at=AT, version=None, comment="No.")
    assert states(scene, series) == ["rejected"] * 4
    with pytest.raises(NothingToDo):
        approve_series(series.reference, by=scene.manager, at=AT, version=None)


def test_a_quota_that_ends_before_the_series_confirms_nothing(scene, session):
    agreement = make_agreement(
        scene.instrument.facility.host, scene.applicant.institution, yearly_minutes=3 * 240
    )
    grant_due(agreement, at=AT)
    series = made(scene)
    assert {row.agreement for row in occurrences(scene, series)} == {agreement}
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    session.commit()
    fourth = occurrences(scene, series)[3].reference
    with pytest.raises(OccurrenceRefused) as refused:
        approve_series(series.reference, by=scene.office, at=AT, version=None)
    session.rollback()
    assert refused.value.code == "quota_exhausted"
    assert fourth in str(refused.value)
    assert states(scene, series) == ["submitted"] * 4
    assert session.get(Agreement, agreement.id) is not None
