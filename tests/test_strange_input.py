"""Text of every script is kept and shown as text; numbers and addresses out of every range lead nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.foundation.http.local import local_address
from instrument_share.foundation.identifiers import normalize_ror
from tests.support.bearer import Bearer
from tests.support.builders import AT
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

TOMORROW = AT + timedelta(days=1)
STRANGE = "قياس <script>alert(1)</script> & 薄膜 👩‍🔬 'quoted' \"twice\""


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.mark.parametrize("text", ["https://ror.org/03cve4540", "03cve4549x", "not a ROR", ""])
def test_a_ror_with_a_wrong_check_digit_is_none(text):
    assert normalize_ror(text) is None


def test_text_of_every_script_is_kept_and_shown_as_text(client, session, scene):
    wanted = {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": STRANGE,
        "starts_at": TOMORROW.isoformat(), "ends_at": (TOMORROW + timedelta(hours=2)).isoformat(),
        "samples": [{"name": STRANGE, "hazard": STRANGE}],
    }  # fmt: skip
    booking = Bearer.of(client, scene.applicant, at=AT).call("POST", "/bookings", wanted).json
    assert booking["purpose"] == STRANGE
    assert booking["samples"][0]["name"] == STRANGE
    sign_in(client, scene.applicant)
    page = client.get(f"/bookings/{booking['reference']}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 薄膜 👩‍🔬" in page
    assert "<script>alert" not in page


def test_reasons_and_names_of_every_script_are_kept_and_shown_as_text(client, session, scene):
    booking = scene.ask(starts_at=TOMORROW)
    sign_in(client, scene.manager)
    refusal = {"comment": STRANGE, "version": booking.version}
    client.post(f"/bookings/{booking.reference}/reject", data=refusal)
    name = {"display_name": STRANGE, "latin_name": STRANGE, "language": "ar", "time_zone": "UTC"}
    client.post("/account", data=name)
    page = client.get(f"/bookings/{booking.reference}").text
    assert (booking.state, scene.manager.display_name) == ("rejected", STRANGE)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; 薄膜 👩‍🔬") >= 2
    assert "<script>alert" not in page


def test_a_search_for_anything_is_answered(client, session, scene):
    for query in ('"', "*", "NEAR(a b)", "a AND", "%_'--", "x" * 10_000, "🔬"):
        for path in ("/", "/api/v1/instruments"):
            answer = client.get(path, query_string={"q": query})
            assert answer.status_code in (200, 422), query[:20]


def test_numbers_that_lead_nowhere(client, session, scene):
    program = Bearer.of(client, scene.applicant, at=AT)
    sign_in(client, scene.applicant)
    for number in ("0", "-1", str(2**31), str(2**63), "1e9", "٣"):
        for path in (f"/bookings?page={number}", f"/instruments?page_size={number}"):
            assert program.call("GET", path).status_code in (200, 422), path
        path = f"/account/tokens/{number}/revoke"
        assert client.post(path).status_code in (404, 405), path


@pytest.mark.parametrize(
    "target", ["//x.example", "/\\x.example", "/\t/[", "/\t/x.example", "/a\nb", "x.example", ""]
)
def test_nobody_is_led_to_another_site(target):
    assert local_address(target) is None
