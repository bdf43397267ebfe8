"""The words of calls and proposals."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .rules import CallState, ProposalState, Tie

CALLS: dict[str, LazyString] = {
    CallState.DRAFT: lazy_gettext("draft"),
    CallState.ANNOUNCED: lazy_gettext("opens soon"),
    CallState.OPEN: lazy_gettext("open for proposals"),
    CallState.IN_REVIEW: lazy_gettext("in review"),
    CallState.DECIDED: lazy_gettext("decided"),
}
PROPOSALS: dict[str, LazyString] = {
    ProposalState.DRAFT: lazy_gettext("draft"),
    ProposalState.SUBMITTED: lazy_gettext("submitted"),
    ProposalState.WITHDRAWN: lazy_gettext("withdrawn"),
}
TIES: dict[str, LazyString] = {
    Tie.OWN: lazy_gettext("takes part in the proposal"),
    Tie.INSTITUTION: lazy_gettext("works at the institution of somebody who proposes it"),
    Tie.PROJECT: lazy_gettext("shares a project with somebody who proposes it"),
}
#: The same, said to the reviewer.
YOUR_TIES: dict[str, LazyString] = {
    Tie.OWN: lazy_gettext("You take part in this proposal."),
    Tie.INSTITUTION: lazy_gettext("You work at the institution of somebody who proposes it."),
    Tie.PROJECT: lazy_gettext("You share a project with somebody who proposes it."),
}
#: The colour of a state's tag.
TONES = {
    CallState.DRAFT: "neutral",
    CallState.ANNOUNCED: "info",
    CallState.OPEN: "good",
    CallState.IN_REVIEW: "attention",
    CallState.DECIDED: "done",
    ProposalState.SUBMITTED: "good",
    ProposalState.WITHDRAWN: "neutral",
}
