"""Joint projects: who leads and joins them, who sees what, and time of their own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from instrument_share.access.projects import queries, services
from instrument_share.access.projects.errors import LeadStays, ProjectOver
from instrument_share.access.projects.rules import Period, collides_with_any
from instrument_share.access.projects.values import AllocationDraft, ProjectDraft
from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.accounting.ledger import allocations_of, quotas_of
from instrument_share.accounting.models import MinutesEntry
from instrument_share.accounting.rules import Quota
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as bookings
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.foundation.transaction import perform
from instrument_share.identity.rules import Role
from instrument_share.notification.models import Message

from ..accounting.story import START, begin
from ..support.builders import AT, make_facility, make_institution, make_person, make_staff
from ..support.signing import sign_in

SPRING = (date(2026, 3, 1), date(2026, 5, 31))


@pytest.fixture
def story(session):
    return begin()


@pytest.fixture
def project(story):
    draft = ProjectDraft(
        {"en": "Thin films"}, "joint_project", "new_materials", story.researcher.email,
        agreement=story.agreement.reference,
    )  # fmt: skip
    return perform(services.create_project, draft, by=story.office, at=AT)


def allocate(story, project, minutes=600, period=SPRING, by=None, facility=True):
    draft = AllocationDraft(minutes, *period, story.facility.slug if facility else None)
    return services.allocate(project.reference, draft, by=by or story.manager, at=AT)


def told(session) -> list[tuple[int, str]]:
    rows = session.scalars(select(Message).order_by(Message.id))
    return [(each.person_id, each.kind) for each in rows if each.kind.startswith("project")]


def test_people_join_by_invitation_or_by_asking(story, project, session) -> None:
    lead, guest, eager = story.researcher, make_person(make_institution()), make_person()
    how = {"at": AT}
    with pytest.raises(Forbidden):
        services.invite(project.reference, guest.email, by=guest, **how)
    services.invite(project.reference, guest.email, by=lead, **how)
    assert [each.id for each in project.members] == [lead.id]
    services.answer_invitation(project.reference, True, by=guest, **how)
    services.ask_to_join(project.reference, "I know films", by=eager, **how)
    with pytest.raises(Forbidden):
        services.answer_request(project.reference, eager.id, True, by=guest, **how)
    services.answer_request(project.reference, eager.id, True, by=lead, **how)
    assert {each.id for each in project.members} == {lead.id, guest.id, eager.id}
    assert told(session) == [
        (lead.id, "project_led"), (guest.id, "project_invited"), (lead.id, "project_joined"),
        (lead.id, "project_asked"), (eager.id, "project_accepted"),
    ]  # fmt: skip
    services.remove_member(project.reference, guest.id, by=guest, **how)
    with pytest.raises(LeadStays):
        services.remove_member(project.reference, lead.id, by=lead, **how)
    with pytest.raises(NotFound):
        services.remove_member(project.reference, lead.id, by=guest, **how)
    for email in ("nobody@example.org", eager.email):
        with pytest.raises(InvalidInput):
            services.invite(project.reference, email, by=lead, **how)
    project.ends_on = date(2026, 3, 1)
    with pytest.raises(ProjectOver):
        services.ask_to_join(project.reference, "", by=guest, **how)


def test_outsiders_see_that_it_is_there_and_nothing_more(story, project, session, client) -> None:
    member, stranger = story.researcher, make_person(make_institution())
    member.display_name = "Somebody inside"
    other = make_person(make_institution(), display_name="Second member")
    project.members.append(other)
    session.commit()
    address = f"/projects/{project.reference}"
    sign_in(client, stranger)
    page = client.get(address).text
    assert "Thin films" in page
    assert "Ask to join" in page
    assert "Second member" not in page
    assert client.get(f"{address}/edit").status_code == 403
    assert client.post(f"{address}/join", data={"note": "Let me in"}).status_code == 302
    assert client.post(f"{address}/members/{other.id}/remove").status_code == 404
    assert client.post(f"{address}/invitation/accept").status_code == 404
    assert client.get(f"/api/v1/projects/{project.reference}").json["allocations"] == []
    assert [it["reference"] for it in client.get("/api/v1/projects").json["items"]] == [
        project.reference
    ]
    sign_in(client, member)
    page = client.get(address).text
    for words in ("Second member", "Let me in", "Take in"):
        assert words in page
    wrong = client.post(f"{address}/members", data={"email": "no@where.example"})
    assert wrong.status_code == 422
    assert "no@where.example" in wrong.text
    accept = client.post(f"{address}/members/{stranger.id}/accept")
    assert accept.status_code == 302
    sign_in(client, stranger)
    assert "Second member" in client.get(address).text
    assert client.get("/inbox").status_code == 200


def test_offices_begin_and_change_projects_on_the_page(story, session, client) -> None:
    sign_in(client, story.office)
    data = {
        "title_en": "Dust", "kind": "joint_laboratory", "field": "environment",
        "lead": "who@nowhere.example", "agreement": story.agreement.reference,
    }  # fmt: skip
    again = client.post("/projects/new", data=data)
    assert again.status_code == 422
    assert 'value="Dust"' in again.text
    made = client.post("/projects/new", data=data | {"lead": story.researcher.email})
    assert made.status_code == 302
    for version, status in (("9", 409), ("9" * 5000, 422)):  # more digits than Python reads
        stale = client.post(f"{made.location}/edit", data=data | {"version": version})
        assert stale.status_code == status
    data |= {"lead": story.liaison.email, "version": "1", "title_en": "Dust and sand"}
    assert client.post(f"{made.location}/edit", data=data).status_code == 302
    assert "Dust and sand" in client.get(made.location).text
    free = data | {"agreement": ""}
    assert client.post("/projects/new", data=free).status_code == 403


def test_its_bookings_take_its_time_first(story, project, session) -> None:
    allocation = allocate(story, project)
    with_it = {"project": project.reference}
    story.confirmed(**with_it)
    story.used(START + timedelta(days=1), minutes=100, **with_it)
    story.confirmed(START + timedelta(days=2))
    assert allocations_of([allocation.id])[allocation.id] == Quota(600, 240, 100)
    agreement = quotas_of([story.agreement.id], 2026)[story.agreement.id]
    assert (agreement.reserved, agreement.used) == (240, 0)
    refused = story.asked(START + timedelta(days=3), hours=5, **with_it)
    bookings.approve(refused.reference, by=story.manager, at=AT, version=None)
    with pytest.raises(QuotaExhausted):
        bookings.approve(refused.reference, by=story.office, at=AT, version=None)
    assert list(findings()) == []


def test_outside_its_period_the_agreement_counts(story, project, session) -> None:
    allocation = allocate(story, project, period=(date(2026, 6, 1), date(2026, 6, 30)))
    story.confirmed(project=project.reference)
    assert allocations_of([allocation.id])[allocation.id] == Quota(600)
    assert quotas_of([story.agreement.id], 2026)[story.agreement.id].reserved == 240


def test_who_allocates_what(story, project, session) -> None:
    stranger = make_staff(Role.FACILITY_MANAGER, make_facility())
    for by, facility in ((stranger, True), (story.researcher, True), (story.manager, False)):
        with pytest.raises(Forbidden):
            allocate(story, project, by=by, facility=facility)
    allocation = allocate(story, project)
    allocate(story, project, by=story.programme, facility=False)
    with pytest.raises(InvalidInput) as refused:
        allocate(story, project, period=(SPRING[1], date(2026, 8, 1)))
    assert list(refused.value.fields) == ["starts_on"]
    story.confirmed(project=project.reference)
    how = {"by": story.manager, "at": AT}
    services.change_allocation(project.reference, allocation.id, 300, **how)
    with pytest.raises(InvalidInput):
        services.change_allocation(project.reference, allocation.id, 200, **how)
    kinds = select(MinutesEntry.kind).where(MinutesEntry.allocation_id == allocation.id)
    assert list(session.scalars(kinds.order_by(MinutesEntry.id))) == ["grant", "reserve", "correct"]


def test_periods_collide_at_one_place_only() -> None:
    spring, may = Period(*SPRING, 1), Period(date(2026, 5, 31), date(2026, 6, 1), 1)
    assert collides_with_any(may, [spring])
    elsewhere = [Period(*SPRING, None), Period(*SPRING, 2), Period(date(2026, 6, 2), SPRING[1], 1)]
    assert not collides_with_any(may, elsewhere)


def test_standing_is_read_in_few_statements(story, project, session, client, count_queries) -> None:
    for _ in range(4):
        project.members.append(make_person(make_institution()))
    session.commit()
    sign_in(client, story.researcher)
    client.get(f"/projects/{project.reference}")
    with count_queries() as counted:
        client.get(f"/projects/{project.reference}")
    assert counted.count <= 12, counted
    assert queries.standing_of(story.researcher, project).may_lead
