"""The words of messages about results and the record of credit."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.RESULTS_OVERDUE: Template(
        lazy_gettext("What came of it? %(instrument)s"),
        lazy_gettext("The results of your use %(reference)s are not reported yet."),
        lazy_gettext(
            "Report a publication by its DOI, or say in a sentence what came of it. Otherwise your record shows it."
        ),
        lazy_gettext("Report the results"),
    ),
    Kind.CREDIT_CONTESTED: Template(
        lazy_gettext("Objection to an entry: %(instrument)s"),
        lazy_gettext(
            "%(applicant)s objects to what their record says of the booking %(reference)s."
        ),
        lazy_gettext("Read the reason below, then uphold the entry or lift it."),
        lazy_gettext("Decide"),
    ),
    Kind.CREDIT_DECIDED: Template(
        lazy_gettext("Your objection is decided: %(instrument)s"),
        lazy_gettext("%(by)s decided on what your record says of the booking %(reference)s."),
        lazy_gettext("Your record shows the decision and the answer."),
        lazy_gettext("Look at the entry"),
    ),
}
