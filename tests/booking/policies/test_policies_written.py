"""Policies are written by whoever may, on their pages and by a script."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from instrument_share.booking.policies import services
from instrument_share.booking.policies.places import place_for
from instrument_share.booking.policies.queries import draft_of
from instrument_share.booking.policies.rules import Policy, PolicyStep, Silence
from instrument_share.foundation.errors import InvalidInput, NotFound, StaleVersion
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.services import issue_token
from tests.booking.policies.stage import MANAGER, OFFICE, SAFETY, ask, facility_of, in_force
from tests.support.builders import AT, make_facility, make_staff
from tests.support.signing import sign_in


def test_who_may_write_which_policy_and_what_is_refused(session, scene):
    policy = Policy((PolicyStep(MANAGER),))
    elsewhere = make_staff(MANAGER, make_facility())
    host = ("host", scene.instrument.facility.host.slug)
    for by, where in (
        (elsewhere, facility_of(scene)),
        (scene.manager, host),
        (scene.operator, facility_of(scene)),
        (scene.applicant, facility_of(scene)),
        (scene.office, ("host", scene.applicant.institution.slug)),
        (scene.office, ("galaxy", "x")),
    ):
        for act in (
            lambda by, where: services.save_draft(*where, policy, "", by=by, at=AT, revision=0),
            lambda by, where: services.activate(*where, by=by, at=AT, revision=None),
            lambda by, where: services.discard_draft(*where, by=by, at=AT, revision=None),
        ):
            with pytest.raises(NotFound):
                act(by, where)
    how = {"by": scene.manager, "at": AT}
    draft = services.save_draft(*facility_of(scene), policy, "", **how, revision=0)
    with pytest.raises(StaleVersion):
        services.save_draft(*facility_of(scene), policy, "", **how, revision=0)
    silent = Policy((PolicyStep(SAFETY, silence=Silence.APPROVE),))
    with pytest.raises(InvalidInput):
        services.save_draft(*facility_of(scene), silent, "", **how, revision=None)
    for day in (date(2026, 3, 1), date(2028, 1, 1)):
        with pytest.raises(InvalidInput):
            services.activate(*facility_of(scene), **how, revision=draft.revision, first_day=day)
    services.discard_draft(*facility_of(scene), **how, revision=draft.revision)
    assert draft_of(place_for(scene.manager, *facility_of(scene))) is None
    in_force(scene, PolicyStep(MANAGER))
    session.commit()
    assert session.query(AuditEntry).filter_by(action="policy.activate").count() == 1


def test_a_policy_is_written_tried_and_activated_on_its_pages(client, session, scene):
    ask(scene, 400 // 10)
    session.commit()
    sign_in(client, scene.manager)
    root = f"/manage/policies/facility/{scene.instrument.facility.slug}"
    assert "The built-in policy" in client.get("/manage/policies").text
    assert client.get(root).status_code == client.get(f"{root}/draft").status_code == 200
    assert (
        client.get(f"/api/v1/policies{root.removeprefix('/manage/policies')}").json["draft"] is None
    )
    form = {
        "revision": "0", "hold_days": "14", "note": "Faster", "step-1-role": "facility_manager",
        "step-1-remind_days": "1", "step-1-silence": "escalate", "step-1-working_days": "many",
    }  # fmt: skip
    more = client.post(f"{root}/draft", data=form | {"do": "add"})
    assert more.status_code == 200
    assert 'value="many"' in more.text, "nothing that was typed is lost"
    assert 'name="step-2-role"' in more.text
    refused = client.post(f"{root}/draft", data=form | {"do": "save"})
    assert refused.status_code == 422
    assert 'href="#field-step-1-working_days"' in refused.text
    form |= {"step-1-working_days": "2"}
    refused = client.post(f"{root}/draft", data=form | {"do": "activate"})
    assert 'href="#field-step-1-escalate_to"' in refused.text
    form |= {"step-1-escalate_to": "international_office"}
    tried = client.post(f"{root}/draft", data=form | {"do": "try"})
    assert "It would have changed 1 of the last 1 request." in tried.text
    saved = client.post(f"{root}/draft", data=form | {"do": "activate"})
    assert saved.status_code == 409, "the draft was saved by the trial"
    done = client.post(f"{root}/draft", data=form | {"do": "activate", "revision": "1"})
    assert done.status_code == 302
    page = client.get(root).text
    assert "Its own policy, version 1" in page
    assert "Faster" in page
    sign_in(client, scene.applicant)
    assert client.get("/manage/policies").status_code == 403
    assert client.get(root).status_code == client.get(f"{root}/draft").status_code == 404


def test_a_draft_is_written_by_a_script(client, session, scene):
    bound = in_force(
        scene, PolicyStep(MANAGER), PolicyStep(OFFICE, 2, binding=True), by=scene.office,
        where=("host", scene.instrument.facility.host.slug),
    )  # fmt: skip
    session.commit()
    address = f"/api/v1/policies/facility/{scene.instrument.facility.slug}"
    headers = {"Authorization": f"Bearer {issue_token(scene.manager, 'x', at=AT)[0]}"}
    session.commit()

    def put(body, **more):
        return client.put(f"{address}/draft", json=body, headers=headers | more)

    steps = [{"role": "safety_officer", "when": {"screening": ["radiation"], "longer_than": 60}}]
    with time_machine.travel(AT, tick=False):
        first = put({"steps": steps, "note": "Rays"})
        assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
        assert first.json["bound"][0]["version"] == bound.version
        assert first.json["notes"] == [
            "The host asks for these steps in any case: International office."
        ]
        assert put({"steps": steps}).status_code == 428
        assert put({"steps": steps}, **{"If-Match": '"7"'}).status_code == 409
        again = put({"steps": steps, "hold_days": 5}, **{"If-Match": first.headers["ETag"]})
        assert (again.status_code, again.json["revision"]) == (200, 2)
        read = client.get(address, headers=headers).json
        assert read["draft"] == again.json
        assert (read["in_force"]["scope"], read["in_force"]["bound"]) == ("institution", [])
        now = {"If-Match": '"2"'}
        for body, wrong in (
            ({"steps": []}, "steps"),
            ({"steps": [{"role": "researcher"}]}, "steps.0.role"),
            ({"steps": [{"role": "safety_officer", "silence": "approve"}]}, "steps.0.silence"),
            ({"steps": [{"role": "liaison", "when": {"longer_than": 0}}]}, "steps.0.when.longer_than"),
            ({"steps": steps, "owner": 1}, "owner"),
        ):  # fmt: skip
            refused = put(body, **now)
            assert (refused.status_code, list(refused.json["errors"])) == (422, [wrong])
        headers["Authorization"] = f"Bearer {issue_token(scene.applicant, 'x', at=AT)[0]}"
        session.commit()
        assert put({"steps": steps}).status_code == 404
