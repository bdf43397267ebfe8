"""Agreements: whom they help with what, who sees them, who changes them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from instrument_share.access.agreements import queries, services, usable
from instrument_share.access.agreements.values import AgreementDraft
from instrument_share.access.errors import AgreementNotUsable, WrongAgreementState
from instrument_share.access.projects.queries import projects_of
from instrument_share.access.rules import Level
from instrument_share.access.training import services as access
from instrument_share.access.training.models import Qualification
from instrument_share.access.training.queries import is_held
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.signals import agreement_changed
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope

from ..support.builders import (
    AT,
    grant,
    make_agreement,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_project,
    make_staff,
)

TODAY = AT.date()


@pytest.fixture
def home(session):
    return make_institution()


@pytest.fixture
def instrument(session):
    return make_instrument()


@pytest.fixture
def office(instrument):
    person = make_person(instrument.facility.host)
    grant(person, Role.INTERNATIONAL_OFFICE, Scope("institution", instrument.facility.host_id))
    return person


@pytest.fixture
def heard():
    states = []

    def hear(agreement, **details):
        states.append(agreement.state)

    with agreement_changed.connected_to(hear):
        yield states


def draft(host, partner, **values) -> AgreementDraft:
    defaults = {
        "titles": {"en": "Joint use"},
        "hosts": (host.slug,),
        "partners": {partner.slug: None},
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
        "yearly_minutes": 6000,
    }
    return AgreementDraft(**defaults | values)


def references(person, instrument, on=TODAY) -> list[str]:
    return [agreement.reference for agreement in usable.agreements_open_to(person, instrument, on)]


def test_an_agreement_of_the_host_covers_all_its_facilities(instrument, home) -> None:
    make_agreement(instrument.facility.host, home, reference="A")
    person = make_person(home)
    assert references(person, instrument) == ["A"]
    assert references(person, make_instrument()) == []
    assert references(make_person(make_institution()), instrument) == []
    assert references(make_person(), instrument) == []


def test_named_facilities_alone_are_covered(instrument, home) -> None:
    facility = instrument.facility
    make_agreement(facility.host, home, reference="A", facilities=[facility])
    beside = make_instrument(make_facility(facility.host))
    person = make_person(home)
    assert references(person, instrument) == ["A"]
    assert references(person, beside) == []


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        ({}, True),
        ({"state": "draft"}, False),
        ({"state": "suspended"}, False),
        ({"state": "ended"}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_until": TODAY}, True),
        ({"valid_from": date(2026, 3, 3)}, False),
        ({"valid_until": date(2026, 3, 1)}, False),
    ],
)
def test_state_and_days_decide(instrument, home, values, usable) -> None:
    make_agreement(instrument.facility.host, home, reference="A", **values)
    assert references(make_person(home), instrument) == (["A"] if usable else [])


def test_the_agreement_of_a_booking(instrument, home) -> None:
    person = make_person(home)
    assert usable.agreement_for(person, instrument, None, TODAY) is None
    for reference in ("B", "A"):
        make_agreement(instrument.facility.host, home, reference=reference)
    assert usable.agreement_for(person, instrument, None, TODAY).reference == "A"
    assert usable.agreement_for(person, instrument, "B", TODAY).reference == "B"
    with pytest.raises(AgreementNotUsable):
        usable.agreement_for(person, instrument, "C", TODAY)


def test_projects_of_a_member(session, home) -> None:
    person = make_person(home)
    running = make_project(person, reference="P1")
    over = make_project(person, reference="P2", ends_on=date(2026, 3, 1))
    make_project(make_person(home))
    assert projects_of(person) == [running, over]
    assert projects_of(person, TODAY) == [running]


def test_who_sees_an_agreement(instrument, home) -> None:
    facility = instrument.facility
    agreement = make_agreement(facility.host, home, reference="A")
    make_agreement(make_facility().host, make_institution(), reference="B")
    seeing = {
        "manager": make_staff(Role.FACILITY_MANAGER, facility),
        "researcher": make_person(home),
        "liaison": make_person(home),
        "officer": make_person(),
        "neighbour": make_staff(Role.FACILITY_MANAGER, make_facility()),
        "nobody": make_person(home),
    }
    grant(seeing["researcher"], Role.RESEARCHER, Scope("institution", home.id))
    grant(seeing["liaison"], Role.LIAISON, Scope("institution", home.id))
    grant(seeing["officer"], Role.PROGRAMME_OFFICER, Scope("programme"))
    lists = {
        name: sorted(it.reference for it in queries.agreements_of(person))
        for name, person in seeing.items()
    }
    assert lists == {
        "manager": ["A"],
        "researcher": ["A"],
        "liaison": ["A"],
        "officer": ["A", "B"],
        "neighbour": [],
        "nobody": [],
    }
    for name, person in seeing.items():
        if "A" in lists[name]:
            assert queries.agreement_of(person, "A") is agreement
        else:
            with pytest.raises(NotFound):
                queries.agreement_of(person, "A")


def test_an_agreement_is_written_and_put_into_force(
    session, instrument, home, office, heard
) -> None:
    host = instrument.facility.host
    facilities = (instrument.facility.slug,)
    values = {"reference": "A-7", "facilities": facilities, "discounts": {"remote": 50}}
    made = perform(services.create_agreement, draft(host, home, **values), by=office, at=AT)
    assert references(make_person(home), instrument) == []
    perform(services.activate_agreement, "A-7", by=office, at=AT, version=made.version)
    assert references(make_person(home), instrument) == ["A-7"]
    assert heard == ["draft", "active"]
    assert [it.percent for it in made.discounts] == [50]
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["agreement.created", "agreement.active"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"titles": {}}, "titles"),
        ({"hosts": ()}, "hosts"),
        ({"partners": {}}, "partners"),
        ({"valid_until": date(2025, 1, 1)}, "valid_until"),
        ({"hosts": ("nowhere",)}, "hosts"),
        ({"partners": {"nowhere": None}}, "partners"),
        ({"facilities": ("nowhere",)}, "facilities"),
    ],
)
def test_a_draft_that_lacks_something_is_refused(instrument, home, office, values, field) -> None:
    written = draft(instrument.facility.host, home, **values)
    with pytest.raises(InvalidInput) as refused:
        services.create_agreement(written, by=office, at=AT)
    assert list(refused.value.fields) == [field]


def test_an_agreement_moves_along_its_states(instrument, home, office, heard) -> None:
    make_agreement(instrument.facility.host, home, reference="A")
    services.suspend_agreement("A", by=office, at=AT)
    services.activate_agreement("A", by=office, at=AT)
    services.end_agreement("A", by=office, at=AT)
    with pytest.raises(WrongAgreementState):
        services.activate_agreement("A", by=office, at=AT)
    assert heard == ["suspended", "active", "ended"]


def test_the_services_refuse_who_may_not(instrument, home, heard) -> None:
    agreement = make_agreement(instrument.facility.host, home, reference="A")
    manager = make_staff(Role.FACILITY_MANAGER, instrument.facility)
    liaison = make_person(home)
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    for person in (manager, liaison):
        with pytest.raises(Forbidden):
            services.suspend_agreement("A", by=person, at=AT)
        with pytest.raises(Forbidden):
            services.create_agreement(draft(instrument.facility.host, home), by=person, at=AT)
    with pytest.raises(NotFound):
        services.suspend_agreement("A", by=make_person(), at=AT)
    assert agreement.state == "active"
    assert heard == []


def test_a_stale_version_is_refused(instrument, home, office) -> None:
    make_agreement(instrument.facility.host, home, reference="A")
    with pytest.raises(StaleVersion):
        services.end_agreement("A", by=office, at=AT, version=99)


def levels_held(person, instrument, on) -> set[str]:
    held = select(Qualification.level).where(
        is_held(person, on), Qualification.instrument_id == instrument.id
    )
    return set(db.session.scalars(held))


def test_a_qualification_is_granted_and_renewed_by_who_runs_the_instrument(
    instrument, home
) -> None:
    person = make_person(home)
    operator = make_staff(Role.OPERATOR, instrument.facility)
    first = access.grant_qualification(person, instrument, Level.SUPERVISED, by=operator, at=AT)
    again = access.grant_qualification(
        person, instrument, Level.SUPERVISED, by=operator, at=AT, valid_until=date(2027, 1, 1)
    )
    assert first is again
    assert levels_held(person, instrument, TODAY) == {Level.SUPERVISED}
    assert levels_held(person, instrument, date(2027, 1, 2)) == set()
    access.grant_qualification(person, instrument, Level.INDEPENDENT, by=operator, at=AT)
    assert levels_held(person, instrument, TODAY) == {Level.SUPERVISED, Level.INDEPENDENT}
    for stranger in (person, make_staff(Role.OPERATOR, make_facility())):
        with pytest.raises(Forbidden):
            access.grant_qualification(person, instrument, Level.SUPERVISED, by=stranger, at=AT)
