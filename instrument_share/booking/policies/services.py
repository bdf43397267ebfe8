"""Writing a policy: a draft that is saved as often as one likes, and its activation, which is for good."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select

from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound, StaleVersion
from ...foundation.localtime import midnight_of
from ...identity import audit
from ...identity.models import Institution, Person
from .faults import faults_of
from .labels import FAULTS, TOO_EARLY, TOO_LATE
from .models import ApprovalPolicy
from .places import Place, place_for
from .queries import draft_of
from .rules import Policy
from .written import as_data

#: How far ahead an activation can be dated.
_FURTHEST_DAYS = 366


def save_draft(
    kind: str,
    slug: str,
    policy: Policy,
    note: str,
    *,
    by: Person,
    at: datetime,
    revision: int | None,
) -> ApprovalPolicy:
    """Keep what is being written as the draft of a place's next version; nothing is decided by it.

    Raises NotFound where the policy is not theirs to write, InvalidInput with every field that is wrong, and
    StaleVersion where somebody else saved the draft meanwhile.
    """
    place = place_for(by, kind, slug)
    _check(policy, place)
    draft = draft_of(place)
    _check_revision(draft, revision)
    if draft is None:
        draft = _new_draft(place, by, at)
    draft.document, draft.note = as_data(policy), note
    db.session.add(draft)
    db.session.flush()
    return draft


def discard_draft(kind: str, slug: str, *, by: Person, at: datetime, revision: int | None) -> None:
    """Throw the draft away. Raises as save_draft, and NotFound where there is none."""
    draft = _draft(place_for(by, kind, slug), revision)
    db.session.delete(draft)
    db.session.flush()


def activate(
    kind: str,
    slug: str,
    *,
    by: Person,
    at: datetime,
    revision: int | None,
    first_day: date | None = None,
) -> ApprovalPolicy:
    """Let the draft decide from the beginning of a day of the host's calendar on, or from now (None).

    Requests that were sent before keep their route. Raises as save_draft, and InvalidInput at `first_day`.
    """
    place = place_for(by, kind, slug)
    draft = _draft(place, revision)
    _check(draft.rules, place)
    draft.starts_at = _start_of(first_day, place, at)
    draft.activated_by_id, draft.activated_at = by.id, at
    _mark(place.host)
    db.session.flush()
    audit.record(
        "policy.activate", place.kind, place.slug, by=by.id, at=at,
        version=draft.version, starts_at=draft.starts_at.isoformat(),
    )  # fmt: skip
    return draft


def _mark(host: Institution) -> None:
    """Copies of what was in force under the mark before are void (see `in_force`)."""
    host.policies_mark = uuid4().hex


def _check(policy: Policy, place: Place) -> None:
    faults = faults_of(policy, may_bind=place.kind != "instrument")
    if faults:
        raise InvalidInput(fields={name: FAULTS[fault] for name, fault in faults.items()})


def _draft(place: Place, revision: int | None) -> ApprovalPolicy:
    draft = draft_of(place)
    if draft is None:
        raise NotFound()
    _check_revision(draft, revision)
    return draft


def _check_revision(draft: ApprovalPolicy | None, revision: int | None) -> None:
    """None acts on whatever is there; 0 is whoever saw no draft."""
    if revision is not None and revision != (draft.revision if draft else 0):
        raise StaleVersion()


def _new_draft(place: Place, by: Person, at: datetime) -> ApprovalPolicy:
    last = db.session.scalar(
        select(func.max(ApprovalPolicy.version)).where(
            ApprovalPolicy.scope_kind == place.scope.kind,
            ApprovalPolicy.scope_id == place.scope.id,
        )
    )
    return ApprovalPolicy(
        scope_kind=place.scope.kind,
        scope_id=place.scope.id,
        host_id=place.host.id,
        version=(last or 0) + 1,
        created_by_id=by.id,
        created_at=at,
    )


def _start_of(first_day: date | None, place: Place, at: datetime) -> datetime:
    where = zone(place.host.time_zone)
    today = at.astimezone(where).date()
    if first_day is None or first_day == today:
        return at
    if first_day < today:
        raise InvalidInput(fields={"first_day": TOO_EARLY})
    if (first_day - today).days > _FURTHEST_DAYS:
        raise InvalidInput(fields={"first_day": TOO_LATE})
    return midnight_of(first_day, where)
