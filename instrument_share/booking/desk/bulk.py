"""Several decisions at once: each request by itself, with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, lazy_gettext

from ...foundation.errors import DomainError
from ...foundation.transaction import perform
from ...identity.models import Person
from .. import services
from ..series.services import approve_series, reject_series, request_changes_of_series
from .replies.queries import languages_of
from .replies.services import Words


class Decision(StrEnum):
    """What can be said to many at once."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request-changes"
    REJECT = "reject"


#: What a decision does to a booking and to a series.
_SERVICES: Mapping[Decision, tuple[Callable[..., Any], Callable[..., Any]]] = {
    Decision.APPROVE: (services.approve, approve_series),
    Decision.REQUEST_CHANGES: (services.request_changes, request_changes_of_series),
    Decision.REJECT: (services.reject, reject_series),
}
DONE: Mapping[Decision, LazyString] = {
    Decision.APPROVE: lazy_gettext("Approved"),
    Decision.REQUEST_CHANGES: lazy_gettext("Sent back for changes"),
    Decision.REJECT: lazy_gettext("Rejected"),
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A request that was marked, and the version that the decider saw."""

    reference: str
    version: int

    @property
    def is_series(self) -> bool:
        return self.reference.startswith("S-")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one; `refusal` says why nothing was done."""

    marked: Marked
    refusal: DomainError | None = None


def decide_all(
    marked: Sequence[Marked], decision: Decision, words: Words, *, by: Person, at: datetime
) -> list[Result]:
    """Decide on each in a transaction of its own: one that cannot be decided does not hold up the others.

    A saved reply is said to each applicant in their own language.
    """
    languages = languages_of(each.reference for each in marked) if words.reply else {}
    return [
        Result(each, _decide(each, decision, words.to(languages.get(each.reference, "en")), by, at))
        for each in marked
    ]


def _decide(
    marked: Marked, decision: Decision, comment: str, by: Person, at: datetime
) -> DomainError | None:
    service = _SERVICES[decision][marked.is_series]
    try:
        perform(service, marked.reference, by=by, at=at, version=marked.version, comment=comment)
    except DomainError as refusal:
        return refusal
    return None
