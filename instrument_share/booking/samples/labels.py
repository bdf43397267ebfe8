"""The words for samples on their way, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .rules import SampleState, Step

SAMPLE_STATES: dict[str, tuple[LazyString, str]] = {
    SampleState.ANNOUNCED: (lazy_gettext("announced"), "neutral"),
    SampleState.SENT: (lazy_gettext("sent"), "info"),
    SampleState.RECEIVED: (lazy_gettext("received"), "info"),
    SampleState.MEASURED: (lazy_gettext("measured"), "good"),
    SampleState.KEPT: (lazy_gettext("kept at the facility"), "done"),
    SampleState.RETURNED: (lazy_gettext("returned"), "done"),
    SampleState.DESTROYED: (lazy_gettext("destroyed"), "done"),
}
#: What the button of a step says.
STEPS: dict[str, LazyString] = {
    Step.SEND: lazy_gettext("I have sent it"),
    Step.RECEIVE: lazy_gettext("It has arrived"),
    Step.MEASURE: lazy_gettext("It is measured"),
    Step.KEEP: lazy_gettext("It is kept here"),
    Step.RETURN: lazy_gettext("It is sent back"),
    Step.DESTROY: lazy_gettext("It is destroyed"),
}
#: What the history of a sample calls the step.
DEEDS: dict[str, LazyString] = {
    Step.SEND: lazy_gettext("Sent"),
    Step.RECEIVE: lazy_gettext("Received"),
    Step.MEASURE: lazy_gettext("Measured"),
    Step.KEEP: lazy_gettext("Kept at the facility"),
    Step.RETURN: lazy_gettext("Sent back"),
    Step.DESTROY: lazy_gettext("Destroyed"),
}
#: What the end of a use says of a sample.
OUTCOMES: dict[str, LazyString] = {
    SampleState.MEASURED: lazy_gettext("It is measured; what then is said later"),
    SampleState.KEPT: lazy_gettext("It is kept here"),
    SampleState.RETURNED: lazy_gettext("It is sent back"),
    SampleState.DESTROYED: lazy_gettext("It is destroyed"),
}
