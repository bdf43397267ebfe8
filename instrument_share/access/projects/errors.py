"""What projects refuse, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class ProjectOver(Refusal):
    """Nobody joins a project that has ended."""

    code = "project_over"
    status = 409
    message = lazy_gettext("This project has ended.")


class LeadStays(Refusal):
    """A project is never without its lead."""

    code = "lead_stays"
    status = 409
    message = lazy_gettext("The lead cannot be removed. Let another member lead the project first.")
