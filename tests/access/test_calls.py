"""Calls are written and announced, and answered until they close."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from instrument_share.access.calls import queries, services
from instrument_share.access.calls.errors import CallFixed, NotOpen
from instrument_share.access.calls.proposing import services as proposing
from instrument_share.access.calls.rules import Timetable
from instrument_share.access.training.errors import MailUnproved
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.identity.rules import Role
from instrument_share.identity.services import issue_token
from instrument_share.notification.models import Message

from ..support.builders import AT, make_institution, make_person, make_staff
from ..support.calls import (
    CLOSES,
    DAY,
    OPEN,
    OPENS,
    REVIEWED,
    call_draft,
    make_round,
    proposal_draft,
)
from ..support.signing import sign_in

SECOND = timedelta(seconds=1)


def told(session) -> list[tuple[int, str]]:
    rows = session.scalars(select(Message).order_by(Message.id))
    return [(each.person_id, each.kind) for each in rows if each.kind.startswith("proposal")]


def test_a_call_is_a_draft_until_it_is_announced_and_fixed_once_it_opens(session):
    it = make_round(announced=False)
    call, how = it.call, {"by": it.officer, "at": AT}
    reference, manager = call.reference, make_staff(Role.FACILITY_MANAGER, call.facility)
    for by in (None, it.lead, manager):
        with pytest.raises(NotFound):
            queries.announced_call(reference, by, AT)
    assert queries.announced_calls(CLOSES) == []
    draft = call_draft(call.facility, it.slug, 50, titles={"en": "Autumn", "ar": ""})
    with pytest.raises(Forbidden):
        services.write_call(draft, by=manager, at=AT)
    with pytest.raises(NotFound):
        services.announce(reference, by=manager, at=AT)
    with pytest.raises(InvalidInput) as late:
        services.announce(reference, by=it.officer, at=CLOSES)
    assert "closes_on" in late.value.fields
    services.announce(reference, **how)
    changed = services.change_call(reference, draft, **how, version=call.version)
    assert (changed.minutes, changed.titles) == (3000, {"en": "Autumn"})
    with pytest.raises(StaleVersion):
        services.change_call(reference, draft, **how, version=1)
    with pytest.raises(CallFixed):
        services.announce(reference, **how)
    with pytest.raises(CallFixed):
        services.change_call(reference, draft, by=it.officer, at=OPENS)
    assert [each.reference for each in queries.announced_calls(AT)] == [reference]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("titles", {"titles": {"en": ""}}),
        ("closes_on", {"times": Timetable(CLOSES, OPENS, CLOSES + DAY)}),
        ("review_on", {"times": Timetable(OPENS, CLOSES, CLOSES)}),
        ("ends_on", {"ends_on": AT.date()}),
        ("criteria", {"criteria": ()}),
        ("instruments-", {"instruments": ()}),
        ("instruments", {"instruments": ("elsewhere",)}),
        ("agreement", {"agreement": "none"}),
        ("facility", {"offers": {"nowhere": 60}}),
    ],
)
def test_a_call_that_cannot_be_is_refused_at_its_field(session, field, wrong):
    it = make_round(announced=False)
    draft = replace(call_draft(it.call.facility, it.slug), **wrong)
    with pytest.raises(InvalidInput) as refused:
        services.write_call(draft, by=it.officer, at=AT)
    assert [name for name in refused.value.fields if name.startswith(field)]
    assert len(refused.value.fields) == 1


def test_proposals_are_taken_from_the_opening_to_the_last_second(session):
    it = make_round()
    for at in (OPENS - SECOND, CLOSES, CLOSES + DAY):
        with pytest.raises(NotOpen):
            it.propose(at=at)
    proposal = it.propose(at=OPENS)
    draft = replace(proposal_draft(it.slug), title="Better")
    how = {"submit": False, "by": it.lead}
    last = CLOSES - SECOND
    changed = proposing.change_proposal(
        proposal.reference, draft, **how, at=last, version=proposal.version
    )
    assert (changed.title, changed.state) == ("Better", "submitted")
    with pytest.raises(StaleVersion):
        proposing.change_proposal(proposal.reference, draft, **how, at=last, version=1)
    with pytest.raises(NotOpen):
        proposing.change_proposal(proposal.reference, draft, **how, at=CLOSES)
    assert proposing.withdraw(proposal.reference, by=it.lead, at=CLOSES).state == "withdrawn"


def test_a_deadline_can_be_put_off_as_long_as_it_is_not_over(session, client):
    it = make_round()
    longer = Timetable(OPENS, CLOSES + DAY, REVIEWED + DAY)
    how = {"by": it.officer, "at": OPEN}
    for times in (
        Timetable(OPENS, CLOSES - DAY, REVIEWED),
        Timetable(OPENS + DAY, CLOSES, REVIEWED),
    ):
        with pytest.raises(InvalidInput):
            services.extend(it.call.reference, times, **how)
    with pytest.raises(NotFound):
        services.extend(it.call.reference, longer, by=it.lead, at=OPEN)
    services.extend(it.call.reference, longer, **how)
    assert it.propose(at=CLOSES).state == "submitted"
    reopened = Timetable(OPENS, CLOSES + 2 * DAY, REVIEWED + DAY)
    with pytest.raises(InvalidInput):
        services.extend(it.call.reference, reopened, by=it.officer, at=CLOSES + DAY)
    session.commit()
    form = {"closes_on": "2026-03-13", "closes_time": "12:00", "review_time": "17:00"}
    with time_machine.travel(CLOSES + DAY, tick=False):
        sign_in(client, it.officer)
        page = f"/manage/calls/{it.call.reference}"
        wrong = client.post(f"{page}/extend", data=form | {"review_on": "2026-03-01"})
        assert wrong.status_code == 422
        done = client.post(f"{page}/extend", data=form | {"review_on": "2026-05-01"})
        assert done.status_code == 302, it.call.times


def test_a_draft_may_be_incomplete_but_is_not_handed_in_like_that(session):
    it = make_round()
    empty = proposal_draft(it.slug, 0, abstract="")
    how = {"by": it.lead, "at": OPEN}
    draft = proposing.write_proposal(it.call.reference, empty, submit=False, **how)
    assert (draft.state, draft.wishes) == ("draft", [])
    with pytest.raises(InvalidInput) as refused:
        proposing.change_proposal(draft.reference, empty, submit=True, **how)
    assert set(refused.value.fields) == {"abstract", "wishes"}
    stranger = proposal_draft(it.slug, with_whom=("nobody@nowhere.example",))
    with pytest.raises(InvalidInput) as unknown:
        proposing.change_proposal(draft.reference, stranger, submit=True, **how)
    assert "nobody@nowhere.example" in str(unknown.value.fields["with_whom"])
    elsewhere = proposal_draft("another-instrument")
    with pytest.raises(InvalidInput):
        proposing.change_proposal(draft.reference, elsewhere, submit=True, **how)
    it.lead.mail_verified_at = None
    with pytest.raises(MailUnproved):
        proposing.change_proposal(draft.reference, proposal_draft(it.slug), submit=True, **how)


def test_those_who_propose_with_the_lead_are_told_and_may_leave(session):
    it = make_round()
    other, stranger = make_person(make_institution()), make_person()
    proposal = it.propose(with_whom=(other.email, it.lead.email))
    assert [each.id for each in proposal.people] == [it.lead.id, other.id]
    how = {"at": OPEN, "submit": True}
    draft = proposal_draft(it.slug, with_whom=(other.email,))
    proposing.change_proposal(proposal.reference, draft, by=it.lead, **how)
    with pytest.raises(Forbidden):
        proposing.change_proposal(proposal.reference, draft, by=other, **how)
    with pytest.raises(NotFound):
        proposing.change_proposal(proposal.reference, draft, by=stranger, **how)
    with pytest.raises(Forbidden):
        proposing.leave(proposal.reference, by=it.lead, at=OPEN)
    proposing.leave(proposal.reference, by=other, at=OPEN)
    assert proposal.members == []
    assert told(session) == [
        (it.lead.id, "proposal_received"), (other.id, "proposal_named"),
        (it.lead.id, "proposal_left"),
    ]  # fmt: skip


def test_a_call_is_written_announced_and_answered_on_the_pages(session, client):
    it = make_round(elsewhere=10)
    sign_in(client, it.officer)
    here, there = (each.facility.slug for each in it.call.offers)
    new = f"/manage/calls/new?facility={here}&with={there}"
    form = {
        f"instruments-{here}": it.slug, f"hours-{here}": "80",
        f"instruments-{there}": it.elsewhere.slug, f"hours-{there}": "20",
        "title_en": "Winter call", "project_kind": "joint_project",
        "opens_on": "2026-06-01", "opens_time": "09:00", "closes_on": "2026-06-30",
        "closes_time": "17:00", "review_on": "2026-07-31", "review_time": "17:00",
        "starts_on": "2026-09-01", "ends_on": "2027-01-31", "criterion0_en": "Merit", "weight0": "1",
    }  # fmt: skip
    assert 'value="Scientific merit"' in client.get(new).text
    wrong = client.post(new, data=form | {"weight0": "", "closes_on": "2026-05-01"})
    assert wrong.status_code == 422
    assert 'value="Winter call"' in wrong.text
    lacking = client.post(new, data=form | {f"instruments-{there}": ""})
    assert f'href="#field-instruments-{there}"' in lacking.text
    made = client.post(new, data=form)
    assert made.status_code == 302, made.text
    address = made.location
    assert all(each in client.get(address).text for each in ("100 h", "(80 h)", "(20 h)"))
    assert "Nobody else sees this call yet" in client.get(address).text
    edit = address.replace("/calls/", "/manage/calls/") + "/edit"
    assert 'value="17:00"' in client.get(edit).text
    assert client.post(edit, data=form | {"version": "9" * 5000}).status_code == 422
    changed = client.post(edit, data=form | {"title_en": "Winter 2026", "version": "1"})
    assert changed.status_code == 302
    alone = client.post(f"{edit}?facility={there}", data=form | {"version": "2"})
    assert alone.status_code == 302
    assert "(20 h)" not in client.get(address).text
    sign_in(client, it.lead)
    assert client.get(address).status_code == 404
    assert client.get(edit).status_code == 404
    assert client.get(new).status_code == 403
    assert "Beamtime in spring" in client.get("/calls").text


def test_what_was_typed_is_kept_even_after_the_deadline(session, client):
    it = make_round()
    propose = f"/calls/{it.call.reference}/propose"
    form = {
        "title": "Melting ice", "abstract": "Slowly.", "field": "environment",
        f"hours-{it.slug}": "12", "with_whom": "",
    }  # fmt: skip
    bad = {"file": (io.BytesIO(b"MZ not a picture"), "plan.pdf")}
    with time_machine.travel(OPEN, tick=False):
        sign_in(client, it.lead)
        wrong = client.post(propose, data=form | {"title": "", "do": "draft"})
        assert (wrong.status_code, "Slowly." in wrong.text) == (422, True)
        unsaid = client.post(propose, data=form | {"field": "", "do": "draft"})
        assert 'href="#field-field"' in unsaid.text
        refused = client.post(propose, data=form | bad | {"do": "draft"})
        assert (refused.status_code, "Slowly." in refused.text) == (422, True)
        kept = client.post(propose, data=form | {"do": "draft"})
        assert kept.status_code == 302
        assert "This is a draft" in client.get(kept.location).text
        assert "Melting ice" in client.get("/proposals").text
        unread = client.post(f"{kept.location}/edit", data=form | {"version": "9" * 5000})
        assert unread.status_code == 422
        handed_in = client.post(
            f"{kept.location}/edit", data=form | {"do": "submit", "version": "1"}
        )
        assert handed_in.status_code == 302
    with time_machine.travel(CLOSES, tick=False):
        sign_in(client, it.lead)
        late = client.post(propose, data=form | {"do": "submit"})
        assert late.status_code == 409
        assert "does not take proposals now" in late.text
        assert "Melting ice" in late.text
        assert "Reviewers read it now" in client.get(kept.location).text
        sign_in(client, make_person())
        assert client.get(kept.location).status_code == 404


def test_lists_take_the_same_few_statements_however_long(session, client, count_queries):
    it = make_round()
    for _ in range(3):
        it.propose(make_person(make_institution()))
        it.propose()
    session.commit()
    sign_in(client, it.lead)
    for address in ("/calls", "/proposals"):
        client.get(address)
        with count_queries() as counted:
            client.get(address)
        assert counted.count <= 8, (address, counted)


def test_programs_read_calls_and_answer_them(session, client):
    it = make_round()
    other = make_round(announced=False)
    token, _ = issue_token(it.lead, "test", at=OPEN)
    session.commit()
    head = {"Authorization": f"Bearer {token}"}
    calls, call = "/api/v1/calls", f"/api/v1/calls/{it.call.reference}"
    body = {
        "title": "Ice",
        "abstract": "Slowly.",
        "field": "environment",
        "minutes": {it.slug: 600},
    }
    with time_machine.travel(OPEN, tick=False):
        (item,) = client.get(calls).json["items"]
        assert (item["state"], item["title"]) == ("open", "Beamtime in spring")
        assert client.get(calls, query_string={"state": "decided"}).json["total"] == 0
        assert len(client.get(call).json["criteria"]) == 2
        assert client.get(f"{calls}/{other.call.reference}").status_code == 404
        once = head | {"Idempotency-Key": "k"}
        made, again = (client.post(f"{call}/proposals", json=body, headers=once) for _ in range(2))
        assert (made.status_code, made.json["state"]) == (201, "draft")
        assert made.json == again.json
        address = f"/api/v1/proposals/{made.json['reference']}"
        whole = body | {"submit": True}
        assert client.put(address, json=whole, headers=head).status_code == 428
        wrong = client.put(address, json=whole, headers=head | {"If-Match": '"9"'})
        assert wrong.status_code == 409
        done = client.put(address, json=whole, headers=head | {"If-Match": '"1"'})
        assert (done.json["state"], done.json["granted_minutes"]) == ("submitted", None)
        assert client.get(address).status_code == 401
    with time_machine.travel(CLOSES, tick=False):
        late = client.post(f"{call}/proposals", json=body, headers=head)
        assert (late.status_code, late.json["code"]) == (409, "call_not_open")
        it.call.decided_at = CLOSES
        session.commit()
        told = client.get(address, headers=head).json
        assert (told["minutes"], told["project"]) == ({it.slug: 600}, None)
