"""The words of messages about what is written on a booking."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.REMARK: Template(
        lazy_gettext("New message: %(instrument)s"),
        lazy_gettext("%(by)s wrote about the booking %(reference)s."),
        lazy_gettext("Reply on the site; answers to this mail are not read."),
        lazy_gettext("Read and reply"),
    ),
    Kind.NOTE: Template(
        lazy_gettext("Internal note: %(instrument)s"),
        lazy_gettext("%(by)s noted something about the booking %(reference)s of %(applicant)s."),
        lazy_gettext(
            "The applicant does not see it. Reply on the site; answers to this mail are not read."
        ),
        lazy_gettext("Read and reply"),
    ),
}
