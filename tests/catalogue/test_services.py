"""What managers change: permitted, versioned, audited, told, and found again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.catalogue import queries, services
from instrument_share.catalogue.closing import services as closing
from instrument_share.catalogue.errors import NotInService
from instrument_share.catalogue.rules import ExceptionKind, InstrumentStatus, slot_faults
from instrument_share.catalogue.search import SearchRequest, search
from instrument_share.catalogue.values import Hours, InstrumentTexts, Plan, SlotRules
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.signals import instrument_changed
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope

from ..support.builders import AT, grant, make_facility, make_instrument, make_person, make_staff

TEXTS = InstrumentTexts({"en": "Diffractometer", "zh-Hans": "衍射仪"}, {}, {"en": "100 kV"}, {})
RULES = SlotRules(60, 60, 240, 15, 0, 1440, 30, 2880, 2)
SOON = Interval(AT + timedelta(days=1), AT + timedelta(days=2))
CLOSURE = Plan(ExceptionKind.CLOSURE, SOON)

COMMANDS = [
    pytest.param(
        lambda s, by, v: services.change_texts(s, TEXTS, by=by, at=AT, version=v), id="texts"
    ),
    pytest.param(
        lambda s, by, v: services.change_slot_rules(s, RULES, by=by, at=AT, version=v),
        id="slot rules",
    ),
    pytest.param(
        lambda s, by, v: services.change_opening(
            s, Hours({"mon": ["08:00-12:00"], "tue": []}), by=by, at=AT, version=v
        ),
        id="opening",
    ),
    pytest.param(
        lambda s, by, v: services.change_status(
            s, InstrumentStatus.OUT_OF_SERVICE, by=by, at=AT, version=v
        ),
        id="status",
    ),
    pytest.param(lambda s, by, v: closing.enter(s, CLOSURE, by=by, at=AT), id="closure"),
]


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem")


@pytest.fixture
def manager(instrument):
    return make_staff(Role.FACILITY_MANAGER, instrument.facility)


@pytest.fixture
def heard():
    senders = []

    def hear(instrument, **details):
        senders.append((instrument.slug, details["at"]))

    with instrument_changed.connected_to(hear):
        yield senders


@pytest.mark.parametrize("command", COMMANDS)
def test_a_change_is_audited_and_told(session, instrument, manager, heard, command) -> None:
    perform(command, instrument.slug, manager, instrument.version)
    assert heard == [("tem", AT)]
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action.startswith("instrument.")
    assert (entry.subject_id, entry.actor_id) == ("tem", manager.id)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_service_refuses_who_may_not(session, instrument, heard, command) -> None:
    somebody = make_person(instrument.facility.host)
    other = make_staff(Role.FACILITY_MANAGER, make_facility())
    powerless = set(Role) - {Role.FACILITY_MANAGER, Role.ADMINISTRATOR}
    staff = [make_staff(role, instrument.facility) for role in powerless]
    for person in (somebody, other, *staff):
        with pytest.raises(Forbidden):
            command(instrument.slug, person, instrument.version)
    assert heard == []


@pytest.mark.parametrize("command", COMMANDS[:4])
def test_a_stale_version_is_refused(instrument, manager, command) -> None:
    with pytest.raises(StaleVersion):
        command(instrument.slug, manager, instrument.version + 1)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_instrument_is_not_found(manager, command) -> None:
    with pytest.raises(NotFound):
        command("nothing", manager, 1)


def test_new_texts_are_found_at_once(instrument, manager) -> None:
    services.change_texts("tem", TEXTS, by=manager, at=AT, version=instrument.version)
    found = search(SearchRequest("衍射"), None, at=AT)
    assert [it.slug for it in found.page.items] == ["tem"]
    assert instrument.specification == {"en": "100 kV"}


def test_an_instrument_keeps_a_name(instrument, manager) -> None:
    nameless = InstrumentTexts({}, {"en": "x"}, {}, {})
    with pytest.raises(InvalidInput) as refused:
        services.change_texts("tem", nameless, by=manager, at=AT, version=instrument.version)
    assert list(refused.value.fields) == ["name-en"]


def test_opening_hours_keep_open_days_alone(instrument, manager) -> None:
    hours = Hours({"mon": ["08:00-12:00"], "tue": []}, "CN", ["09:00-12:00"])
    services.change_opening("tem", hours, by=manager, at=AT, version=instrument.version)
    assert instrument.opening == {"mon": ["08:00-12:00"]}
    assert (instrument.holiday_territory, instrument.holiday_opening) == ("CN", ["09:00-12:00"])


@pytest.mark.parametrize(
    ("lengths", "faults"),
    [
        ((30, 60, 480), {}),
        ((30, 45, 480), {"shortest_minutes": "grid"}),
        ((30, 60, 100), {"longest_minutes": "grid"}),
        ((30, 90, 60), {"longest_minutes": "order"}),
        ((7, 60, 61), {"shortest_minutes": "grid", "longest_minutes": "grid"}),
        ((1440, 1440, 1440), {}),
    ],
)
def test_lengths_lie_on_the_grid_and_in_order(lengths, faults) -> None:
    assert slot_faults(*lengths) == faults


def test_lengths_that_contradict_each_other_are_refused(instrument, manager) -> None:
    rules = SlotRules(30, 120, 60, 0, 0, 0, 30, 0, 1)
    with pytest.raises(InvalidInput) as refused:
        services.change_slot_rules("tem", rules, by=manager, at=AT, version=instrument.version)
    assert list(refused.value.fields) == ["longest_minutes"]


@pytest.mark.parametrize("status", list(InstrumentStatus))
def test_only_instruments_in_service_are_bookable(session, status) -> None:
    make_instrument(slug="it", status=status)
    if status in (InstrumentStatus.IN_SERVICE, InstrumentStatus.RESTRICTED):
        assert queries.bookable_instrument("it").slug == "it"
    else:
        with pytest.raises(NotInService) as refused:
            queries.bookable_instrument("it")
        assert list(refused.value.fields) == ["instrument"]


def test_managers_see_the_instruments_of_their_scopes(session) -> None:
    mine, theirs = make_instrument(slug="a"), make_instrument(slug="b")
    manager = make_staff(Role.FACILITY_MANAGER, mine.facility)
    admin, of_host, of_one = make_person(), make_person(), make_person()
    grant(admin, Role.ADMINISTRATOR, Scope("programme"))
    grant(of_host, Role.FACILITY_MANAGER, Scope("institution", theirs.facility.host_id))
    grant(of_one, Role.FACILITY_MANAGER, Scope("instrument", theirs.id))
    managed = {
        person: [it.slug for it in queries.instruments_managed_by(person)]
        for person in (manager, admin, of_host, of_one, make_person())
    }
    assert list(managed.values()) == [["a"], ["a", "b"], ["b"], ["b"], []]
