"""Nobody sees or does what is somebody else's: every address of the site is asked, not only the ones we thought of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.services import issue_token, suspend
from instrument_share.schedule.addresses import calendar_url
from tests.support.builders import grant, make_person
from tests.support.house import LATER, SECRET, House, strangers
from tests.support.marks import sqlite_only
from tests.support.signing import sign_in

#: Open to whoever asks: they show nothing of people or bookings.
PUBLIC = {
    "access_api.eligibility", "api-docs.openapi_json", "api_docs.show",
    "booking_api.availability", "catalogue.facility", "catalogue.instrument", "catalogue.search",
    "health.live", "health.metrics", "health.ready", "help.show", "identity.sign_in",
    "identity.sign_up", "identity.verify_mail", "letters.verify", "letters_api.verify",
    "schedule_api.schedule", "static",
    "identity.forgotten_password",
    "training.index", "training.show", "training_api.offered", "calls.index", "calls.show",
    "calls_api.list_calls", "calls_api.read_call",
}  # fmt: skip


def addresses(app: Flask, house: House) -> list[tuple[str, str]]:
    """Every GET address of the site with the house's own things in it, and its endpoint."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [(rule.endpoint, _filled(rule, house)) for rule in rules]


def _filled(rule: Rule, house: House) -> str:
    def value(name: str) -> str:
        if name == "slug" and "facilit" in rule.rule:
            return house.scene.instrument.facility.slug
        if name == "reference" and "/projects/" in rule.rule:
            return house.project
        if name == "reference" and ("/proposals/" in rule.rule or "/reviews/" in rule.rule):
            return house.proposal
        if name == "reference" and "/calls/" in rule.rule:
            return house.call
        if name == "reference" and "agreement" in rule.rule:
            return house.agreement
        if name == "reference" and "series" in rule.rule:
            return house.series
        if name == "reference" and "training" in rule.rule:
            return house.training
        return str(house.values.get(name, 1))

    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: value(match[1]), rule.rule)


@sqlite_only
def test_a_visitor_reads_only_what_is_public(app, client, house):
    for endpoint, address in addresses(app, house):
        answer = client.get(address)
        assert answer.status_code != 500, address
        assert SECRET not in answer.text, address
        assert house.booking.reference not in answer.text or house.booking.reference in address
        if answer.status_code == 200:
            public = endpoint in PUBLIC or endpoint.startswith(("schedule.", "catalogue_api."))
            assert public, f"{endpoint} is open to visitors: is it meant to be?"


@sqlite_only  # who may read is decided before the database is asked; that it answers is asked below
@pytest.mark.parametrize("who", ["researcher", "colleague", "liaison", "manager", "office"])
def test_people_from_elsewhere_read_nothing_of_it(app, client, session, house, who):
    stranger = strangers(house)[who]
    sign_in(client, stranger)
    for _, address in addresses(app, house):
        answer = client.get(address)
        assert answer.status_code != 500, address
        assert SECRET not in answer.text, address
        if answer.status_code == 200:
            assert house.booking.reference not in answer.text, address
            assert house.statement not in answer.text or "not" in answer.text, address
            assert house.scene.applicant.email not in answer.text, address


def test_whoever_oversees_everything_is_answered_everywhere(app, client, session, house):
    overseer = make_person(house.scene.instrument.facility.host)
    for role in Role:
        grant(overseer, role, PROGRAMME)
    sign_in(client, overseer)
    for _, address in addresses(app, house):
        assert client.get(address).status_code < 500, address
    assert house.booking.reference in client.get("/manage/audit").text
    assert house.scene.applicant.email in client.get("/manage/people").text


@sqlite_only
def test_a_suspended_person_reads_nothing_at_all(app, client, session, house):
    token, _ = issue_token(house.scene.applicant, "test", at=LATER)
    feed = calendar_url(house.scene.applicant)
    administrator = make_person()
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    sign_in(client, house.scene.applicant)
    assert SECRET in client.get(f"/bookings/{house.booking.reference}").text
    suspend(house.scene.applicant.id, by=administrator, at=LATER)
    headers = {"Authorization": f"Bearer {token}"}
    for _, address in addresses(app, house):
        for answer in (client.get(address), client.get(address, headers=headers)):
            assert SECRET not in answer.text, address
    assert client.get("/api/v1/account", headers=headers).status_code == 401
    assert client.get(feed.split("/", 3)[3]).status_code == 404


@sqlite_only
def test_nobody_decides_with_somebody_elses_form(client, session, house):
    booking = house.scene.ask(starts_at=LATER + timedelta(days=2), at=LATER)
    session.commit()
    for person in strangers(house).values():
        sign_in(client, person)
        for action in (
            *("approve", "reject", "cancel", "start", "reschedule", "messages"),
            *("feedback", "publications", "results"),
            *("visit", "letter", "letters", "letters/x/revoke"),
        ):
            data = {"version": booking.version, "comment": "x", "text": "x", "reason": "x"}
            answer = client.post(f"/bookings/{booking.reference}/{action}", data=data)
            assert answer.status_code in (403, 404), (action, answer.status_code)
    session.expire_all()
    assert booking.state == "submitted"
