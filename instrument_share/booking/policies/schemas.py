"""Policies on the wire: what a script writes, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...access.screening.rules import CLASSES
from ...catalogue.rules import AccessMode
from ...foundation.http.schema import BaseSchema, Instant, Text, WholeNumber, one_sentence
from ...identity.rules import Role
from .faults import MOST_STEPS, Fault
from .labels import FAULTS, NOT_A_NUMBER
from .rules import OFFICES, Auto, Payer, Policy, PolicyStep, Silence, When

_FURTHEST = 1_000_000
_OFFICE = FAULTS[Fault.UNKNOWN_OFFICE]
_UNKNOWN = lazy_gettext("Choose from the list.")


def _number(least: int = 0, **more: Any) -> fields.Integer:
    sentence = FAULTS[Fault.MINUTES] if least else NOT_A_NUMBER
    return WholeNumber(
        strict=True, validate=validate.Range(least, _FURTHEST, error=sentence), **more
    )


def _points(**more: Any) -> fields.Integer:
    """Points of a record; how many there can be, the rules say."""
    return _number(1, load_default=None, allow_none=True, **more)


def _flag() -> fields.Boolean:
    return fields.Boolean(load_default=None, allow_none=True)


def _several(known: Any) -> fields.List:
    one = fields.String(validate=validate.OneOf([str(each) for each in known], error=_UNKNOWN))
    return fields.List(one, load_default=list)


def _office(**more: Any) -> fields.Enum:
    return fields.Enum(
        Role,
        by_value=True,
        validate=validate.OneOf(list(OFFICES), error=_OFFICE),
        error_messages=one_sentence(_OFFICE),
        **more,
    )


class WhenSchema(BaseSchema):
    """Conditions, all of which must hold; what is left out does not matter."""

    countries_differ = _flag()
    safety_class = _flag()
    by_agreement = _flag()
    vouched = _flag()
    whole = _flag()
    off_hours = _flag()
    first_here = _flag()
    longer_than = _number(
        1, load_default=None, allow_none=True, metadata={"description": "minutes"}
    )
    access_modes = _several(AccessMode)
    payers = _several(Payer)
    screening = _several(CLASSES)
    record_below = _points(metadata={"description": "the applicant's record"})
    institution_below = _points(metadata={"description": "the record of their institution"})

    @post_load
    def _when(self, data: dict[str, Any], **_: Any) -> When:
        given: dict[str, Any] = {
            name: frozenset(value) if isinstance(value, list) else value
            for name, value in data.items()
        }
        return When(**given)


class AutoSchema(BaseSchema):
    """When a step approves itself: everything that is given must hold; nothing given means never."""

    independent = fields.Boolean(load_default=False)
    by_agreement = fields.Boolean(load_default=False)
    at_most = _number(1, load_default=None, allow_none=True, metadata={"description": "minutes"})
    uses = _number(1, load_default=None, allow_none=True)
    record = _points(metadata={"description": "at least so many points"})

    @post_load
    def _auto(self, data: dict[str, Any], **_: Any) -> Auto:
        return Auto(**data)


class PolicyStepSchema(BaseSchema):
    """Steps of the same stage are asked at once. `working_days` null is the built-in deadline of five days.

    A `binding` step is asked also where a nearer policy decides.
    """

    role = _office(required=True)
    stage = _number(load_default=1)
    when = fields.Nested(WhenSchema, load_default=When)
    working_days = _number(load_default=None, allow_none=True)
    remind_days = _number(load_default=1)
    silence = fields.Enum(
        Silence,
        by_value=True,
        load_default=Silence.EXPIRE,
        error_messages=dict.fromkeys(("null", "unknown"), _UNKNOWN),
    )
    escalate_to = _office(load_default=None, allow_none=True)
    auto = fields.Nested(AutoSchema, load_default=Auto)
    binding = fields.Boolean(load_default=False, dump_default=False)

    @post_load
    def _step(self, data: dict[str, Any], **_: Any) -> PolicyStep:
        return PolicyStep(**data)


class PolicySchema(BaseSchema):
    """The steps, and for how many days an undecided request holds its time."""

    hold_days = _number(load_default=14)
    steps = fields.List(
        fields.Nested(PolicyStepSchema),
        required=True,
        validate=validate.Length(max=MOST_STEPS, error=FAULTS[Fault.TOO_MANY]),
        error_messages=one_sentence(FAULTS[Fault.NO_STEPS]),
    )


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """What a script wants the draft to say; `note` is why."""

    policy: Policy
    note: str


class DraftIn(PolicySchema):
    note = Text(most=300, load_default="")

    @post_load
    def _draft(self, data: dict[str, Any], **_: Any) -> WrittenDraft:
        policy = Policy(tuple(data["steps"]), data["hold_days"])
        return WrittenDraft(policy, data["note"])


class BoundOut(PolicySchema):
    """The steps of a policy above that are asked in any case; the nearest comes first."""

    scope = fields.String()
    version = fields.Integer()


class DraftOut(PolicySchema):
    """The draft; `bound` and the sentences in `notes` tell what is asked whatever it says."""

    revision = fields.Integer()
    note = fields.String()
    bound = fields.List(fields.Nested(BoundOut))
    notes = fields.List(fields.String())


class InForceOut(PolicySchema):
    """What decides now; `version` is null for the built-in policy."""

    version = fields.Integer(allow_none=True)
    scope = fields.String()
    bound = fields.List(fields.Nested(BoundOut))


class VersionOut(PolicySchema):
    version = fields.Integer()
    starts_at = Instant(allow_none=True)
    note = fields.String()


class PolicyOut(BaseSchema):
    in_force = fields.Nested(InForceOut)
    draft = fields.Nested(DraftOut, allow_none=True)
    versions = fields.List(fields.Nested(VersionOut))
