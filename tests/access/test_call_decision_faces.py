"""The decision of a call on its pages and by API."""

from __future__ import annotations

import re

import time_machine

from instrument_share.access.calls.deciding.queries import ranking
from instrument_share.access.calls.queries import call_of
from instrument_share.identity.services import issue_token
from tests.support.marks import one_engine

from ..support.builders import make_institution, make_person
from ..support.calls import IN_REVIEW, OPEN, make_round
from ..support.signing import sign_in

pytestmark = one_engine


def test_the_ranking_takes_the_same_few_statements_however_long(session, count_queries):
    it = make_round()
    reviewers = [it.appoint() for _ in range(3)]
    for size in range(2, 8, 3):
        for _ in range(size):
            it.review(it.propose(make_person(make_institution())), reviewers[0], 3)
        session.commit()
        session.expunge_all()
        call = it.call = call_of(it.call.reference)
        with count_queries() as counted:
            assert all(each.assignments for each in ranking(call, IN_REVIEW))
        assert counted.count <= 14, counted


def test_the_pages_lead_from_the_ranking_to_the_answer(session, client):
    it = make_round(hours=50)
    proposal, lost = it.propose(hours=40), it.propose(make_person(make_institution()))
    reviewer = it.appoint()
    it.review(proposal, reviewer, 5, to_applicant="Splendid")
    session.commit()
    page = f"/manage/calls/{it.call.reference}"
    slug = it.call.facility.slug
    hours, other = f"hours-{proposal.reference}-{slug}", f"hours-{lost.reference}-{slug}"
    with time_machine.travel(IN_REVIEW, tick=False):
        sign_in(client, it.officer)
        seen = client.get(page).text
        assert "1 review has not come in yet" in seen
        assert "Panel 5" in seen
        assert it.call.titles["en"] in client.get("/inbox").text
        mark = {"mark": _mark_in(seen)}
        wrong = client.post(f"{page}/plan", data=mark | {hours: "40", other: "11"})
        assert wrong.status_code == 409
        assert 'value="11"' in wrong.text
        text = {f"answer-{lost.reference}": "Not this time"}
        assert client.post(f"{page}/plan", data=mark | {hours: "40"} | text).status_code == 302
        assert client.post(f"{page}/publish").status_code == 422
        mark = {"mark": _mark_in(client.get(page).text)}
        assert client.post(f"{page}/publish", data={"sure": "1", "mark": "x"}).status_code == 409
        assert client.post(f"{page}/publish", data=mark | {"sure": "1"}).status_code == 302
        assert "Open the project" in client.get(page).text
        someone = make_person()
        assert client.post(f"{page}/reviewers", data={"email": someone.email}).status_code == 409
        sign_in(client, it.lead)
        answer = client.get(f"/proposals/{proposal.reference}").text
        assert "Splendid" in answer
        assert "1 (40 h)" in client.get(f"/calls/{it.call.reference}").text
        assert reviewer.display_name not in answer
        assert client.get(page).status_code == 404
        sign_in(client, lost.lead)
        assert "Not this time" in client.get(f"/proposals/{lost.reference}").text


def test_the_panel_decides_by_api(session, client):
    it = make_round(hours=50)
    proposal, reviewer = it.propose(), it.appoint()
    late = it.appoint()
    it.review(proposal, reviewer, 4)
    tokens = {each.id: issue_token(each, "t", at=OPEN)[0] for each in (it.officer, reviewer)}
    session.commit()
    address = f"/api/v1/calls/{it.call.reference}"

    def ask(what, path, tag=None, by=it.officer, **body):
        headers = {"Authorization": f"Bearer {tokens[by.id]}"}
        headers |= {"If-Match": f'"{tag}"'} if tag else {}
        return getattr(client, what)(f"{address}/{path}", headers=headers, json=body or None)

    def grant(minutes):
        given = {it.call.facility.slug: minutes}
        return {"grants": [{"proposal": proposal.reference, "minutes": given, "answer": "Yes"}]}

    with time_machine.travel(OPEN, tick=False):
        assert ask("get", "ranking").json["items"] == []
    with time_machine.travel(IN_REVIEW, tick=False):
        told = ask("get", "ranking").json
        (item,) = told["items"]
        assert (item["mean"], item["reviews_missing"], item["granted_minutes"]) == (4.0, 1, None)
        assert item["reviews"][0]["reviewer"] == reviewer.display_name
        assert late.display_name not in str(told)
        for by in (reviewer,):
            for what, path in (("get", "ranking"), ("put", "plan"), ("post", "decision")):
                assert ask(what, path, "x", by, **grant(60)).status_code == 404
        tag = told["tag"]
        assert ask("put", "plan", **grant(60)).status_code == 428
        assert ask("put", "plan", tag, **grant(3060)).json["code"] == "too_many_hours"
        planned = ask("put", "plan", tag, **grant(2400)).json
        assert planned["planned_minutes"] == 2400
        assert ask("put", "plan", tag, **grant(60)).json["code"] == "stale_version"
        assert ask("post", "decision", tag).json["code"] == "stale_version"
        done = ask("post", "decision", planned["tag"]).json
        assert (done["state"], done["items"][0]["project"]) == (
            "decided",
            proposal.project.reference,
        )
        assert ask("post", "decision", done["tag"]).json["code"] == "not_in_review"


def _mark_in(page: str) -> str:
    (mark,) = set(re.findall(r'name="mark" value="([^"]+)"', page))
    return mark
