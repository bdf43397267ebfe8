"""The words for applications and kinds of institutions."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from ..rules import InstitutionKind
from .rules import ApplicationState

STATES: dict[str, LazyString] = {
    ApplicationState.WAITING: lazy_gettext("Waits for a decision"),
    ApplicationState.ADMITTED: lazy_gettext("Admitted"),
    ApplicationState.DECLINED: lazy_gettext("Declined"),
}
KINDS: dict[str, LazyString] = {
    InstitutionKind.PARTNER: lazy_gettext("Partner: its people use instruments of others"),
    InstitutionKind.HOST: lazy_gettext("Host: it opens its own instruments"),
    InstitutionKind.BOTH: lazy_gettext("Both"),
}
