"""Screening by script: an office reads what waits and decides; somebody answers what is asked of them."""

from __future__ import annotations

import pytest
import time_machine

from instrument_share.access.screening.models import Screening
from instrument_share.access.screening.rules import Answer, ScreeningClass
from instrument_share.access.screening.services import answer
from tests.access.test_screening import HARMLESS, WORRYING
from tests.support.bearer import Bearer
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene

EXPORT = ScreeningClass.EXPORT_CONTROL


@pytest.fixture
def scene(session):
    with time_machine.travel(AT, tick=False):
        yield make_scene(screening_class="export_control")


def test_an_office_reads_what_waits_and_decides(client, session, scene, count_queries):
    host = scene.instrument.facility.host
    others = [make_person(scene.applicant.institution) for _ in range(3)]
    for each in others:
        answer(host, EXPORT, HARMLESS, by=each, at=AT)
    row = answer(host, EXPORT, WORRYING, by=scene.applicant, at=AT)
    office, applicant = (
        Bearer.of(client, scene.office, at=AT),
        Bearer.of(client, scene.applicant, at=AT),
    )
    page = office.call("GET", "/screenings/queue?page_size=2").json
    assert (page["total"], page["items"][0]["id"], page["items"][0]["state"]) == (
        4,
        row.id,
        "waiting",
    )
    assert page["items"][0]["person"]["name"] == scene.applicant.display_name
    assert office.call("GET", "/screenings/queue?state=cleared").json["total"] == 3
    assert office.call("GET", "/screenings/queue?state=lost").status_code == 422
    assert applicant.call("GET", "/screenings/queue").status_code == 403
    assert [each["id"] for each in applicant.call("GET", "/screenings").json["items"]] == [row.id]
    one = f"/screenings/{row.id}"
    whole = office.call("GET", one)
    (worrying,) = [each for each in whole.json["questions"] if each["needs_attention"]]
    assert (worrying["key"], worrying["answer"]) == ("dual_use", "yes")
    assert worrying["detail"] == WORRYING["dual_use"].detail
    assert whole.json["decisions"] == ["approve", "decline", "ask-back"]
    assert applicant.call("GET", one).json == whole.json | {"decisions": []}
    assert Bearer.of(client, others[0], at=AT).call("GET", one).status_code == 404
    seen = {"If-Match": whole.headers["ETag"]}
    for caller, deed, said, headers, status in (
        (applicant, "approve", {}, seen, 404),
        (office, "approve", {}, {}, 428),
        (office, "approve", {}, {"If-Match": '"9"'}, 409),
        (office, "decline", {}, seen, 422),
        (office, "withdraw", {"reason": "x"}, seen, 409),
        (office, "forget", {}, seen, 404),
    ):
        assert caller.call("POST", f"{one}/actions/{deed}", said, **headers).status_code == status
    done = office.call("POST", f"{one}/actions/approve", {}, **seen)
    assert (done.status_code, done.json["state"], done.json["decisions"]) == (
        200, "cleared", ["withdraw"],
    )  # fmt: skip
    with count_queries() as few:
        office.call("GET", "/screenings/queue?page_size=1")
    with count_queries() as many:
        office.call("GET", "/screenings/queue")
    assert many.count == few.count


def test_somebody_answers_what_is_asked(client, session, scene):
    caller = Bearer.of(client, scene.applicant, at=AT)
    path = f"/screenings/checklists/{scene.instrument.facility.host.slug}/export_control"
    asked = caller.call("GET", path).json
    assert set(asked["asked"]) == set(HARMLESS) == {each["key"] for each in asked["questions"]}
    assert all(set(each["texts"]) == {"en", "zh-Hans", "ar", "ru"} for each in asked["questions"])
    answers = _said(HARMLESS)
    key = {"Idempotency-Key": "k"}
    for wrong, field in (
        (answers[:-1], f"answer-{answers[-1]['key']}"),
        ([*answers, answers[0]], "answers"),
        ([answers[0] | {"answer": "maybe"}], "answer"),
        (_said(HARMLESS | {"dual_use": Answer("yes")}), "detail-dual_use"),
    ):
        refused = caller.call("POST", f"{path}/answers", {"answers": wrong})
        assert (refused.status_code, field in str(refused.json["errors"])) == (422, True)
    made = [caller.call("POST", f"{path}/answers", {"answers": answers}, **key) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json == made[1].json
    assert (made[0].json["state"], made[0].json["class"]) == ("cleared", "export_control")
    assert session.query(Screening).count() == 1
    assert caller.call("GET", path).json["asked"] == []
    assert caller.call("GET", path.replace("export_control", "magic")).status_code == 404


def _said(given):
    return [
        {"key": key, "answer": each.answer, "detail": each.detail} for key, each in given.items()
    ]
