"""The words of messages about joint projects."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

_PROJECT = lazy_gettext("Open the project")

WORDS: dict[Kind, Template] = {
    Kind.PROJECT_INVITED: Template(
        lazy_gettext("You are invited: %(project)s"),
        lazy_gettext("You are asked to take part in the project “%(project)s”."),
        lazy_gettext("Open the project and take part, or decline."),
        _PROJECT,
    ),
    Kind.PROJECT_LED: Template(
        lazy_gettext("You lead a project: %(project)s"),
        lazy_gettext("From now on you lead the project “%(project)s”."),
        lazy_gettext("You take its members in and see what time was allocated to it."),
        _PROJECT,
    ),
    Kind.PROJECT_ASKED: Template(
        lazy_gettext("Somebody asks to join: %(project)s"),
        lazy_gettext("%(person)s asks to join the project “%(project)s”."),
        lazy_gettext("Take them in or decline; they are told."),
        _PROJECT,
    ),
    Kind.PROJECT_ACCEPTED: Template(
        lazy_gettext("You are a member: %(project)s"),
        lazy_gettext("You were taken into the project “%(project)s”."),
        lazy_gettext("You can name it in your bookings from now on."),
        _PROJECT,
    ),
    Kind.PROJECT_REFUSED: Template(
        lazy_gettext("Not taken in: %(project)s"),
        lazy_gettext("Your request to join the project “%(project)s” was declined."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_JOINED: Template(
        lazy_gettext("New member: %(project)s"),
        lazy_gettext("%(person)s takes part in the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_DECLINED: Template(
        lazy_gettext("Invitation declined: %(project)s"),
        lazy_gettext("%(person)s does not take part in the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_REMOVED: Template(
        lazy_gettext("No longer a member: %(project)s"),
        lazy_gettext("You are no longer a member of the project “%(project)s”."),
        lazy_gettext(
            "Bookings that you made for it stay as they are. If this surprises you, ask its lead."
        ),
        _PROJECT,
    ),
    Kind.PROJECT_LEFT: Template(
        lazy_gettext("A member left: %(project)s"),
        lazy_gettext("%(person)s left the project “%(project)s”."),
        lazy_gettext("You need not do anything."),
        _PROJECT,
    ),
    Kind.PROJECT_ALLOCATED: Template(
        lazy_gettext("Time allocated: %(project)s"),
        lazy_gettext(
            "The project “%(project)s” has %(allocated_minutes)s of instrument time in a period."
        ),
        lazy_gettext("Its bookings in that time take this first. Look at how much is left."),
        _PROJECT,
    ),
}
