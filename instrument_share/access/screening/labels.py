"""The words for classes and states of screening."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext, lazy_pgettext

from .rules import Evidence, ScreeningClass, Standing, State

CLASS_NAMES: dict[str, LazyString] = {
    ScreeningClass.NONE: lazy_gettext("No screening"),
    ScreeningClass.EXPORT_CONTROL: lazy_gettext("Export control"),
    ScreeningClass.BIOSAFETY: lazy_gettext("Biosafety"),
    ScreeningClass.HUMAN_GENETIC_RESOURCES: lazy_gettext("Human genetic resources"),
    ScreeningClass.RADIATION: lazy_gettext("Radiation protection"),
    ScreeningClass.DATA_TRANSFER: lazy_gettext("Data transfer abroad"),
}
EVIDENCE: dict[str, LazyString] = {
    Evidence.LICENCE: lazy_pgettext("a permit", "Licence"),
    Evidence.ETHICS_APPROVAL: lazy_gettext("Ethics approval"),
    Evidence.RISK_ASSESSMENT: lazy_gettext("Risk assessment"),
    Evidence.DATA_SHEET: lazy_gettext("Data sheet"),
    Evidence.CONTRACT: lazy_gettext("Contract"),
    Evidence.OTHER: lazy_gettext("Other document"),
}
STATES: dict[str, LazyString] = {
    State.CLEARED: lazy_gettext("cleared"),
    State.WAITING: lazy_gettext("waits for the office"),
    State.ASKED_BACK: lazy_gettext("asked back"),
    State.DECLINED: lazy_gettext("declined"),
    State.WITHDRAWN: lazy_gettext("withdrawn"),
    Standing.ENDED: lazy_gettext("run out"),
    Standing.OUTDATED: lazy_gettext("new questions"),
}
TONES = {
    State.CLEARED: "good",
    State.WAITING: "info",
    State.ASKED_BACK: "attention",
    State.DECLINED: "bad",
    State.WITHDRAWN: "bad",
    Standing.ENDED: "attention",
    Standing.OUTDATED: "attention",
}
#: What eligibility says of a screening that is not in force.
SENTENCES: dict[str, LazyString] = {
    Standing.NONE: lazy_gettext(
        "Answer the screening “%(name)s” of the host; it takes a few minutes."
    ),
    Standing.ENDED: lazy_gettext("Your screening “%(name)s” has run out. Answer it again."),
    Standing.OUTDATED: lazy_gettext("The screening “%(name)s” has new questions. Answer them."),
    State.WAITING: lazy_gettext(
        "Your answers to the screening “%(name)s” wait for the office. You are told by mail."
    ),
    State.ASKED_BACK: lazy_gettext(
        "The office asks you something about the screening “%(name)s”. Read it and answer again."
    ),
    State.DECLINED: lazy_gettext("The screening “%(name)s” was declined. Read why."),
    State.WITHDRAWN: lazy_gettext("The screening “%(name)s” was withdrawn. Read why."),
}
