"""The queue of requests that wait for the reader's decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ...foundation.clock import now
from ...foundation.errors import Forbidden
from ...foundation.http.conditional import number_in
from ...foundation.http.paging import links
from ...foundation.http.schema import load
from ...foundation.http.show import localized
from ...identity.acting import actor_of
from ...identity.current import require_person
from ...identity.models import Person
from ...identity.rules import Permission, may_somewhere, scopes_held
from .. import queries
from ..forms import ListQuery, WordsForm
from ..models import Booking
from ..series.queries import Waiting, waiting_in
from ..series.shown import rhythm_of
from ..shown import turn_of
from . import shown
from .bulk import Decision, Marked, Result, decide_all
from .facts import facts_of
from .replies.models import SavedReply
from .replies.queries import replies_of
from .replies.services import Words, words_of

#: A Monday's queue on one page.
_PAGE_SIZE = 100


def approvals() -> ResponseReturnValue:
    """Everything that is needed to decide; POST decides on the requests that were marked."""
    person = require_person()
    if not may_somewhere(actor_of(person), Permission.SEE_QUEUE):
        raise Forbidden()
    if request.method == "POST":
        return _decide_on_marked(person)
    return _page(person)


def _page(
    person: Person, results: Sequence[dict[str, str]] = (), errors: dict[str, str] | None = None
) -> str:
    asked = load(ListQuery(), request.args)
    instrument = asked["instrument"] or request.form.get("instrument") or None
    page = queries.approvals_for(
        person, asked["page"], _PAGE_SIZE, instrument=instrument, series_as_one=True
    )
    return render_template(
        "booking/desk/approvals.html",
        total=page.total,
        instruments=(tabs := _instruments(page.items, instrument, page.total)),
        choices=[(each["slug"], _counted(each)) for each in tabs],
        instrument=instrument or "",
        replies=_by_facility(replies_of(person)),
        keeps_replies=bool(scopes_held(actor_of(person), Permission.DECIDE, "host")),
        mark=request.args.get("mark", ""),
        marked=set(request.form.getlist("reference")) if errors else set(),
        comment=request.form.get("comment", "") if errors else "",
        results=results,
        errors=errors or {},
        paging=links(page),
        **_told_of(page.items),
    )


def _told_of(bookings: Sequence[Booking]) -> dict[str, Any]:
    """What the page tells of the requests themselves: all that helps to decide, and which of them nothing warns of."""
    series = waiting_in({each.series_id for each in bookings if each.series_id})
    facts = facts_of(bookings, now())
    requests = _requests(bookings, series)
    return {
        "bookings": bookings,
        "facts": facts,
        "strips": {
            each.id: shown.strip_of(facts[each.id].day, each.time_zone) for each in bookings
        },
        "record_told": shown.record_told,
        "turns": {booking.id: turn_of(booking) for booking in bookings},
        "series": series,
        "rhythms": {key: rhythm_of(each.series) for key, each in series.items()},
        "references": [reference for reference, _, _ in requests],
        "clear": {
            reference
            for reference, booking, length in requests
            if facts[booking.id].is_clear(booking, length)
        },
    }


def _requests(
    bookings: Sequence[Booking], series: Mapping[int, Waiting]
) -> list[tuple[str, Booking, int]]:
    """What is decided on: its reference, its (first) booking and how many minutes it takes in all."""
    wholes = [series.get(each.series_id) if each.series_id else None for each in bookings]
    return [
        (whole.series.reference, each, whole.minutes)
        if whole
        else (each.reference, each, each.slot.minutes)
        for each, whole in zip(bookings, wholes, strict=True)
    ]


def _by_facility(replies: Sequence[SavedReply]) -> dict[int, list[SavedReply]]:
    found: dict[int, list[SavedReply]] = defaultdict(list)
    for reply in replies:
        found[reply.facility_id].append(reply)
    return found


def _instruments(
    bookings: Sequence[Booking], chosen: str | None, total: int
) -> list[dict[str, object]]:
    """Links that narrow the queue to one instrument, with how many requests wait there."""
    names = {each.instrument.slug: localized(each.instrument.names) for each in bookings}
    counts = Counter(each.instrument.slug for each in bookings)
    everything: dict[str, object] = {
        "label": gettext("All instruments"),
        "slug": "",
        "url": url_for("booking.approvals"),
        "current": chosen is None,
        "count": total if chosen is None else None,
    }
    return [everything] + [
        {
            "label": names[slug],
            "slug": slug,
            "url": url_for("booking.approvals", instrument=slug),
            "current": slug == chosen,
            "count": count,
        }
        for slug, count in counts.most_common()
    ]


def _counted(each: dict[str, object]) -> str:
    """An instrument with how many requests wait there, as a choice of a list."""
    return f"{each['label']} ({each['count']})" if each["count"] else str(each["label"])


def _decide_on_marked(person: Person) -> ResponseReturnValue:
    """The queue anew, with what became of each marked request; or what is missing, and nothing is done."""
    decision = _asked_decision()
    marked = [_marked(reference) for reference in _references()]
    said = load(WordsForm(), request.form)
    words = words_of(said["comment"], said["reply"], person)
    errors = _missing(decision, marked, words)
    if errors:
        return _page(person, errors=errors), 422
    results = decide_all(marked, decision, words, by=person, at=now())
    _tell(results, decision)
    return _page(person, shown.results_shown(results, decision))


def _asked_decision() -> Decision:
    asked = request.form.get("decision", Decision.APPROVE)
    return Decision(asked) if asked in set(Decision) else Decision.APPROVE


def _references() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("reference")[:_PAGE_SIZE]))


def _marked(reference: str) -> Marked:
    seen = number_in(request.form.get(f"version-{reference}", ""))
    return Marked(reference, -1 if seen is None else seen)


def _missing(decision: Decision, marked: Sequence[Marked], words: Words) -> dict[str, str]:
    if not marked:
        return {"_marked": gettext("Mark at least one request first.")}
    if decision != Decision.APPROVE and words == Words():
        return {"comment": gettext("Say why, or what should change: the applicants read it.")}
    return {}


def _tell(results: Sequence[Result], decision: Decision) -> None:
    done = sum(result.refusal is None for result in results)
    if done and decision == Decision.APPROVE:
        told = ngettext(
            "%(num)s request approved. The applicant is told by mail.",
            "%(num)s requests approved. The applicants are told by mail.",
            done,
        )
    else:
        told = ngettext(
            "%(num)s request decided. The applicant is told by mail.",
            "%(num)s requests decided. The applicants are told by mail.",
            done,
        )
    if done:
        flash(told, "success")
