"""The life of a booking, drawn from the table that decides it."""

from __future__ import annotations

from instrument_share.booking.rules import LIFECYCLE, LIVE, NEEDS_COMMENT, State, Transition

_HEAD = """\
# The life of a booking

Made by `make docs` from `booking/rules.py`. Change the table there, never this page.

A booking moves from one state to another by an action, and by nothing else. *Approve* leads to `confirmed` with
the last step of the approval route; before that the booking stays `submitted`.
"""


def page() -> str:
    """The page as Markdown: a diagram (Mermaid) and the table behind it."""
    return "\n".join([_HEAD, *_diagram(), "", *_table(), "", *_notes(), ""])


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
        "Permissions are given to roles in one table, `identity/rules.py`.",
    ]
