"""What the try-out on past requests says is what happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from instrument_share.access.screening.rules import Answer, ScreeningClass
from instrument_share.access.screening.services import answer as screen
from instrument_share.access.screening.standard import standard_questions
from instrument_share.booking import services as bookings
from instrument_share.booking.afterwards import credit
from instrument_share.booking.afterwards.queries import credit_of
from instrument_share.booking.afterwards.rules import Breach, Verdict
from instrument_share.booking.policies import services
from instrument_share.booking.policies.places import place_for
from instrument_share.booking.policies.rules import Auto, Policy, PolicyStep, When
from instrument_share.booking.policies.trying import try_out
from instrument_share.booking.rules import State
from instrument_share.foundation.errors import InvalidInput
from tests.booking.policies.stage import (
    DAY,
    MANAGER,
    OFFICE,
    SAFETY,
    ask,
    facility_of,
    in_force,
    statuses,
)
from tests.support.builders import AT, make_booking, make_instrument, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in


def test_what_the_trial_says_is_what_happens(session, scene):
    """Requests of several kinds; activated, the very same are sent again and take other routes as often as was said."""
    home = make_person(scene.instrument.facility.host)
    use = make_booking(scene.instrument, scene.applicant, starts_at=AT + DAY)
    scene.confirm(use)
    bookings.start(use.reference, by=scene.operator, at=use.starts_at, version=None)
    bookings.finish(use.reference, by=scene.operator, at=use.ends_at, version=None)
    later = AT + 3 * DAY
    requests = [
        make_booking(
            scene.instrument, (scene.applicant, home)[number % 2], at=later,
            starts_at=later + (number + 1) * DAY, hours=2 + number,
        )
        for number in range(6)
    ]  # fmt: skip
    policy = Policy(
        (
            PolicyStep(MANAGER, auto=Auto(uses=1, at_most=300)),
            PolicyStep(OFFICE, 2, When(countries_differ=True)),
            PolicyStep(SAFETY, 3, When(longer_than=360)),
        )
    )
    place = place_for(scene.manager, *facility_of(scene))
    trial = try_out(policy, place, later)
    assert trial.total == 7
    services.save_draft(*facility_of(scene), policy, "", by=scene.manager, at=later, revision=0)
    services.activate(*facility_of(scene), by=scene.manager, at=later, revision=None)
    changed = set()
    for booking in requests:
        before = booking.route_facts["route"]
        bookings.withdraw(booking.reference, by=booking.applicant, at=later, version=None)
        bookings.submit(booking.reference, by=booking.applicant, at=later, version=None)
        if booking.route_facts["route"] != before:
            changed.add(booking.reference)
    assert changed == {each.reference for each in trial.changed} - {use.reference}
    assert 0 < len(changed) < len(requests)
    assert try_out(policy, place, later).changed == [] or use.reference in {
        each.reference for each in try_out(policy, place, later).changed
    }


def test_a_step_for_a_class_of_screening_is_tried_and_decides_alike(session, count_queries):
    scene = make_scene(screening_class="data_transfer")
    asked = ScreeningClass.DATA_TRANSFER
    harmless = {
        each.key: Answer("no" if each.attention == "yes" else "yes")
        for each in standard_questions(asked)
    }
    screen(scene.instrument.facility.host, asked, harmless, by=scene.applicant, at=AT)
    booking = ask(scene)
    booking.route_facts = {  # as it was kept before the class was
        name: value for name, value in booking.route_facts.items() if name != "screening_class"
    }
    classes = frozenset({"data_transfer", "radiation"})
    policy = Policy((PolicyStep(MANAGER), PolicyStep(OFFICE, 2, When(screening=classes))))
    elsewhere = replace(policy.steps[1], when=When(screening=frozenset({"radiation"})))
    place = place_for(scene.manager, *facility_of(scene))
    (changed,) = try_out(Policy((PolicyStep(SAFETY), elsewhere)), place, AT).changed
    assert [each[0] for each in changed.after] == [SAFETY]
    assert try_out(policy, place, AT).changed == []  # the office is asked by the built-in one, too
    with count_queries() as without:
        ask(scene, 2)
    in_force(scene, PolicyStep(SAFETY), policy.steps[1])
    ask(scene, 3)
    with count_queries() as within:
        route = ask(scene, 4).route_facts
    assert within.count <= without.count
    assert [each[0] for each in route["route"]] == [SAFETY, OFFICE]
    assert route["screening_class"] == "data_transfer"


def test_a_policy_that_binds_is_tried_and_decides_with_those_below(session, scene, client):
    """What the trial says of requests that a nearer policy decides is what is stored with them afterwards."""
    host = ("host", scene.instrument.facility.host.slug)
    instrument = ("instrument", scene.instrument.slug)
    own = in_force(scene, PolicyStep(MANAGER, auto=Auto(at_most=600)), where=instrument)
    steps = (PolicyStep(MANAGER), PolicyStep(OFFICE, 2, working_days=3))
    binding = tuple(replace(step, binding=True) for step in steps)
    place = place_for(scene.office, *host)
    asked = [ask(scene, day) for day in (1, 2)]
    assert {each.state for each in asked} == {State.CONFIRMED}
    assert try_out(Policy(steps), place, AT).total == 0, "others are decided by their own policy"
    trial = try_out(Policy(binding), place, AT)
    assert (trial.total, len(trial.changed)) == (2, 2)
    bound = in_force(scene, *binding, where=host, by=scene.office)
    booking = ask(scene, 3)
    assert booking.route_facts["route"] == trial.changed[0].after == trial.changed[1].after
    assert (booking.policy_id, booking.route_facts["bound_by"]) == (own.id, [bound.id])
    assert statuses(booking) == [(MANAGER, "pending"), (OFFICE, "waiting")], "it needs both"
    assert booking.steps[1].working_days == 3
    with pytest.raises(InvalidInput) as refused:
        services.save_draft(
            *instrument, Policy(binding), "", by=scene.manager, at=AT, revision=None
        )
    assert set(refused.value.fields) == {"step-1-binding", "step-2-binding"}
    freed = try_out(Policy(steps), place, AT)
    assert [each.reference for each in freed.changed] == [booking.reference]
    session.commit()
    with time_machine.travel(AT, tick=False):
        sign_in(client, scene.manager)
        root = f"/manage/policies/instrument/{scene.instrument.slug}"
        assert client.get(root).text.count("asked by the host in any case") == 2
        assert "asked by the host in any case" in client.get(f"{root}/draft").text
        form = {"revision": "0", "do": "save", "step-1-role": MANAGER, "hold_days": "5"}
        saved = client.post(f"{root}/draft", data={**form, "step-1-silence": "expire"})
        said = (
            "The host asks for these steps in any case: Facility manager and International office"
        )
        assert said in saved.text


def test_only_requests_that_a_policy_would_decide_are_tried(scene):
    other = make_instrument(scene.instrument.facility)
    in_force(scene, PolicyStep(OFFICE), where=("instrument", other.slug))
    make_booking(other, scene.applicant)
    ask(scene)
    make_booking(make_instrument(), scene.applicant)
    trial = try_out(
        Policy((PolicyStep(OFFICE),)), place_for(scene.manager, *facility_of(scene)), AT
    )
    assert (trial.total, len(trial.changed)) == (1, 1)
    host = scene.instrument.facility.host_id
    assert trial.changed[0].after == [[OFFICE, "institution", host, 1, False]]


def test_records_are_looked_at_as_they_were(session, scene):
    """Of the applicant and of their institution; what was lifted since counts from then on no longer."""
    colleague = make_person(scene.applicant.institution)
    first = ask(scene)
    credit.note(first, Breach.NO_SHOW, AT)
    policy = Policy(
        (
            PolicyStep(MANAGER, auto=Auto(record=100)),
            PolicyStep(SAFETY, 2, When(record_below=90)),
            PolicyStep(OFFICE, 3, When(institution_below=90)),
        )
    )
    in_force(scene, *policy.steps)

    def route(person, day):
        at = AT + day * DAY
        booking = make_booking(scene.instrument, person, at=at, starts_at=at + DAY)
        return [(each[0], each[4]) for each in booking.route_facts["route"]]

    before = [(MANAGER, False), (SAFETY, False), (OFFICE, False)]
    assert route(scene.applicant, 2) == before
    assert route(colleague, 3) == [(MANAGER, True), (OFFICE, False)]
    (entry,) = credit_of(scene.applicant, AT).entries
    credit.contest(entry.id, "I was ill.", by=scene.applicant, at=AT + 4 * DAY)
    credit.decide(entry.id, Verdict.LIFTED, "Get well.", by=scene.manager, at=AT + 4 * DAY)
    assert route(scene.applicant, 5) == [(MANAGER, True)]
    trial = try_out(policy, place_for(scene.manager, *facility_of(scene)), AT + 5 * DAY)
    assert ([each.reference for each in trial.changed], trial.total) == ([first.reference], 4)
