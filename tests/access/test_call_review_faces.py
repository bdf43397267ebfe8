"""Reviews on their pages and by API."""

from __future__ import annotations

import time_machine

from instrument_share.identity.services import issue_token
from tests.support.marks import one_engine

from ..support.builders import make_institution, make_person
from ..support.calls import IN_REVIEW, OPEN, make_round
from ..support.signing import sign_in
from ..support.uploads import upload

pytestmark = one_engine


def test_the_file_is_for_those_who_propose_review_and_decide(session, client):
    it = make_round()
    colleague, reviewer = make_person(it.lead.institution), it.appoint()
    it.appoint(colleague)
    proposal = it.propose(file=upload("figures.pdf"))
    other = it.propose(make_person())
    session.commit()
    address = f"/proposals/{proposal.reference}/file"
    who = {it.lead: 200, it.officer: 200, reviewer: 200, colleague: 404, other.lead: 404}
    for moment, answers in (
        (OPEN, {it.lead: 200, it.officer: 404, reviewer: 404}),
        (IN_REVIEW, who),
    ):
        with time_machine.travel(moment, tick=False):
            for person, status in answers.items():
                sign_in(client, person)
                assert client.get(address).status_code == status, person.display_name
            sign_in(client, it.lead)
            assert "figures.pdf" in client.get(f"/proposals/{proposal.reference}").text


def test_the_desk_leads_through_a_review(session, client):
    it = make_round()
    proposal, one, other = it.propose(), it.appoint(), it.appoint()
    colleague = it.appoint(make_person(it.lead.institution))
    it.review(proposal, other, 2, to_panel="Not convinced", to_applicant="More data, please")
    session.commit()
    address = f"/reviews/{proposal.reference}"
    form = {f"score-{each.id}": "4" for each in it.call.criteria}
    with time_machine.travel(IN_REVIEW, tick=False):
        sign_in(client, one)
        assert proposal.title in client.get("/reviews").text
        assert proposal.title in client.get("/inbox").text
        assert "Not convinced" not in client.get(address).text
        some = client.post(address, data={"to_applicant": "Well thought out"})
        assert (some.status_code, "Well thought out" in some.text) == (422, True)
        draft = {"to_applicant": "Half a thought", "hours": "7", "do": "draft", "version": "0"}
        assert client.post(address, data=draft | {"hours": "x"}).status_code == 422
        assert client.post(address, data=draft).status_code == 302
        page = client.get(address).text
        assert all(each in page for each in ("This is a draft", "Half a thought", 'value="7"'))
        assert "draft, not handed in" in client.get("/reviews").text
        assert proposal.title in client.get("/inbox").text
        assert "Not convinced" not in page
        assert client.post(address, data=form | {"version": "1"}).status_code == 302
        assert proposal.title not in client.get("/inbox").text
        page = client.get(address).text
        assert "Not convinced" in page
        assert other.display_name not in page
        stale = client.post(address, data=form | {"to_panel": "Later", "version": "1"})
        assert (stale.status_code, "Later" in stale.text) == (409, True)
        changed = form | {"to_panel": "I was too kind", "version": "2"}
        assert client.post(address, data=changed).status_code == 302
        assert "Changed after it was handed in" in client.get(address).text
        assert client.post(f"{address}/conflict", data={"words": ""}).status_code == 422
        sign_in(client, colleague)
        page = client.get(address).text
        assert "You work at the institution" in page
        assert proposal.abstract not in page
        assert "Not convinced" not in page
        assert client.post(address, data=form | {"version": "0"}).status_code == 403
        sign_in(client, it.lead)
        assert client.get(address).status_code == 404
        assert "More data" not in client.get(f"/proposals/{proposal.reference}").text


def test_the_desk_takes_the_same_few_statements_however_much_there_is(
    session, client, count_queries
):
    it = make_round()
    reviewer = it.appoint()
    for _ in range(4):
        it.propose(make_person(make_institution()))
    session.commit()
    with time_machine.travel(IN_REVIEW, tick=False):
        sign_in(client, reviewer)
        client.get("/reviews")
        with count_queries() as counted:
            client.get("/reviews")
    assert counted.count <= 14, counted


def test_reviewers_say_by_api_what_they_think(session, client):
    it = make_round()
    proposal, one, other = it.propose(file=upload("figures.pdf")), it.appoint(), it.appoint()
    colleague = it.appoint(make_person(it.lead.institution))
    it.review(proposal, other, 2)
    first, second = (each.id for each in it.call.criteria)
    tokens = {each.id: issue_token(each, "t", at=OPEN)[0] for each in (one, colleague, it.lead)}
    session.commit()
    address = f"/api/v1/reviews/{proposal.reference}"

    def ask(person, what="get", path=address, version=None, **body):
        headers = {"Authorization": f"Bearer {tokens[person.id]}"}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        more = {"json": body} if what != "get" else {}
        return getattr(client, what)(path, headers=headers, **more)

    with time_machine.travel(IN_REVIEW, tick=False):
        (item,) = ask(one, path="/api/v1/reviews").json["items"]
        assert (item["state"], item["version"]) == ("to_review", 0)
        read = ask(one).json
        assert (read["abstract"], read["others"], read["review"]) == (proposal.abstract, [], None)
        assert [each["id"] for each in read["criteria"]] == [first, second]
        assert ask(one, path=f"{address}/file").status_code == 200
        draft = {"scores": {first: 4}, "to_panel": "Hm"}
        assert ask(one, "put", **draft).status_code == 428
        assert ask(one, "put", version=0, scores={first: 9}).status_code == 422
        kept = ask(one, "put", version=0, **draft).json
        assert (kept["state"], kept["version"], kept["others"]) == ("draft", 1, [])
        assert kept["review"]["scores"] == {str(first): 4}
        short = ask(one, "put", version=1, **draft, submit=True)
        assert (short.status_code, list(short.json["errors"])) == (422, [f"scores.{second}"])
        assert ask(one, "put", version=0, **draft).json["code"] == "stale_version"
        whole = {"scores": {first: 4, second: 5}, "submit": True}
        done = ask(one, "put", version=1, **whole).json
        assert (done["state"], done["version"]) == ("handed_in", 2)
        assert [each["to_panel"] for each in done["others"]] == ["Panel 2"]
        assert other.display_name not in str(done)
        blind = ask(colleague).json
        assert (blind["state"], blind["tie"], blind["abstract"]) == (
            "conflict",
            "institution",
            None,
        )
        assert ask(colleague, path=f"{address}/file").status_code == 404
        assert ask(colleague, "put", version=0, **whole).json["code"] == "conflict_of_interest"
        assert ask(it.lead).status_code == 404
        told = ask(one, "post", f"{address}/conflict", words="A friend").json
        assert (told["state"], told["declared"], told["others"]) == ("conflict", "A friend", [])
        assert client.get(address).status_code == 401
