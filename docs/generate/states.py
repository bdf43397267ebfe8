"""The life of a booking, drawn from the table that decides it."""

from __future__ import annotations

from instrument_share.booking.rules import (
    LIFECYCLE,
    LIVE,
    NEEDS_COMMENT,
    RESTS_ON,
    Change,
    State,
    Transition,
)

_HEAD = """\
# The life of a booking

Made by `make docs` from `booking/rules.py`. Change the table there, never this page.

A booking moves from one state to another by an action, and by nothing else. *Approve* leads to `confirmed` with
the last step of the approval route; before that the booking stays `submitted`. *Reschedule* leads from `confirmed` to
`submitted` where an approval is asked again; where all hold, the booking stays `confirmed`.
"""

_MOVES = """\
## Moving a booking, making it longer or shorter

Everything is checked as for a new request: whether the person may use the instrument, the agreement and the project
on the new day, the opening hours, closures and slot rules, and whether the time is free. The booking's own time is not
in its way, and it keeps that time until the new one is its own: a refusal changes nothing.

An approval is asked again when something changes that its decider looked at (`RESTS_ON` in `booking/rules.py`), and
stays else. Making a booking shorter within its own time changes none of this: every approval stays, and what is
confirmed stays confirmed. Samples and access mode change only when a request is written anew; then everybody decides
again. A step that is not named here is asked after any change.
"""

_WHEN = {
    Change.TIME: "some of the new time lies outside the old",
    Change.DATES: "it reaches a local day that the old time did not",
    Change.POSITION: "another position, or more of them",
}


def page() -> str:
    """The page as Markdown: a diagram (Mermaid) and the table behind it."""
    return "\n".join([_HEAD, *_diagram(), "", *_table(), "", *_notes(), "", *_approvals(), ""])


def _diagram() -> list[str]:
    arrows: dict[tuple[State, State], list[str]] = {}
    for (source, action), transition in LIFECYCLE.items():
        arrows.setdefault((source, transition.to), []).append(action.value)
    ends = [state for state in State if not any(source == state for source, _ in LIFECYCLE)]
    return [
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {State.DRAFT.value}: create",
        *(f"    {a.value} --> {b.value}: {', '.join(words)}" for (a, b), words in arrows.items()),
        *(f"    {state.value} --> [*]" for state in ends),
        "```",
    ]


def _table() -> list[str]:
    rows = [
        f"| `{source.value}` | {action.value} | `{to.to.value}` | {_who(to)} |"
        for (source, action), to in LIFECYCLE.items()
    ]
    return ["| in state | action | leads to | permission |", "|---|---|---|---|", *rows]


def _approvals() -> list[str]:
    """Which approvals outlive a move."""
    columns = list(Change)
    rows = [
        f"| {role.value} | {' | '.join('asked again' if each in rests else 'holds' for each in columns)} |"
        for role, rests in RESTS_ON.items()
    ]
    return [
        _MOVES,
        f"| approval by | {' | '.join(_WHEN[each] for each in columns)} |",
        "|---|" + "---|" * len(columns),
        *rows,
    ]


def _who(step: Transition) -> str:
    if step.permission is None:
        return "the system"
    return f"`{step.permission}`" + (", or the system once it is due" if step.when_due else "")


def _notes() -> list[str]:
    live = ", ".join(f"`{state.value}`" for state in State if state in LIVE)
    reasons = ", ".join(sorted(action.value for action in NEEDS_COMMENT))
    return [
        f"Only these states hold time on the instrument: {live}.",
        "",
        f"These actions need a comment that says why: {reasons}.",
        "",
        "Permissions are given to roles in one table, `identity/rules/table.py`.",
    ]
