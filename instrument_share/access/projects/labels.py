"""The words of projects."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from ..rules import ProjectKind

KINDS: dict[str, LazyString] = {
    ProjectKind.JOINT_PROJECT: lazy_gettext("Joint project"),
    ProjectKind.JOINT_LABORATORY: lazy_gettext("Joint laboratory"),
    ProjectKind.BIG_SCIENCE_PROGRAMME: lazy_gettext("Big-science programme"),
}
