"""What must be said for a question to be understood: without it a form answers that it is incomplete, to anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .things import LATER, Things

_START = LATER + timedelta(days=30)
_SLOT = {"starts_at": _START.isoformat(), "ends_at": (_START + timedelta(hours=2)).isoformat()}


def said(things: Things) -> dict[str, dict[str, Any]]:
    """What is said, by endpoint; the others are asked with nothing at all."""
    slug = things.values["slug"]
    request = {"instrument": slug, "access_mode": "on_site", "purpose": "x", **_SLOT}
    closure = {"kind": "closure", **_SLOT}
    reason = {"comment": "Because."}
    return {
        "accounting.issue": {"period": "2026-02"},
        "accounting_api.issue": {"period": "2026-02"},
        "afterwards.decide": {"verdict": "lifted", "answer": "So it was."},
        "afterwards.feedback": {"instrument": 4, "support": 4, "booking_itself": 4},
        "afterwards.publish": {"doi": "10.1000/182", "title": "On films"},
        "afterwards.results": {"results": "Three films."},
        "at_instrument.act": {"reference": things.values["reference"]},
        "afterwards.contest": {"reason": "I was there."},
        "afterwards_api.report": {"doi": "10.1000/182", "title": "On films"},
        "booking_api.book": request,
        "booking_api.reject": reason,
        "booking_api.request_changes": reason,
        "booking_api.reschedule": _SLOT,
        "calls_api.change": {"title": "Ice", "field": "ocean"},
        "calls_api.propose": {"title": "Ice", "field": "ocean"},
        "closing_api.cancel_hit": {"references": [things.values["reference"]], **reason},
        "closing.cancel_hit": {"reference": things.values["reference"], **reason},
        "closing_api.change": closure,
        "closing_api.enter": closure,
        "closing_api.subscribe": {"url": "https://x.example/b.ics", "title": {"en": "Beam"}},
        "conversation_api.say": {"text": "Hello."},
        "invitations_api.invite": {"email": "somebody@x.example"},
        "samples_api.take_step": {"step": "receive"},
        "letters.revoke": {"reason": "A mistake."},
        "letters_api.ask": {"languages": "en"},
        "policies.discard": {"revision": "0"},
        "policies_api.write_draft": {"steps": [{"role": "facility_manager"}]},
        "decisions_api.plan": {"grants": [{"proposal": "PROP-X", "minutes": {}}]},
        "reviews_api.declare": {"words": "A friend."},
        "roles.give": {
            "place": f"instrument:{slug}", "email": "nobody@x.example", "role": "operator",
        },
        "screening.decide": {"do": "withdraw", "reason": "A new list."},
        "screening_api.decide": {"reason": "A new list."},
        "screening_api.answer": {"answers": [{"key": "use", "answer": "no", "detail": "Not yet."}]},
        "series.act": {"version": "2", "scope": "all"},
        "series_api.reject": reason,
        "series_api.request_changes": reason,
        "series_api.book": {**request, "rrule": "FREQ=DAILY;COUNT=2"},
        "series_api.reschedule": _SLOT,
        "visits_api.enter_visit": {
            "arrives_on": "2026-04-22", "departs_on": "2026-04-24", "visitors": [
                {"name": "Amina", "country": "KZ", "institution": "University", "role": "researcher"}
            ],
        },
        "waiting_api.join": {
            "instrument": slug, "access_mode": "on_site", "purpose": "x", "minutes": 120,
            "from": _START.isoformat(), "until": (_START + timedelta(days=3)).isoformat(),
        },
        "waiting_api.watch": {"instrument": slug},
    }  # fmt: skip
