"""What templates may use: dates, times in two zones, money, minutes and words, by CLDR for the reader."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_login import current_user
from jinja2 import FileSystemBytecodeCache, Template
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro

from .. import __version__
from ..booking.labels import where_of
from ..catalogue.positions import position_name
from ..foundation.http import show
from ..foundation.http.unbroken import unbroken
from ..identity.acting import actor_of
from ..identity.rules import Permission, may, subject
from .navigation import navigation


def init_app(app: Flask) -> None:
    app.jinja_env.template_class = Page
    app.jinja_env.filters |= {
        "localized": show.localized,
        "isolated": show.isolated_here,
        "money": show.money,
        "minutes": show.minutes,
        "number": show.number,
        "bytes": show.size,
        "percent": show.percent,
        "date": show.date,
        "country": show.country,
        "zone_name": show.zone_name,
        "position_name": position_name,
        "where_of": where_of,
        "unbroken": unbroken,
    }
    app.jinja_env.globals |= {
        "both_times": show.both_times,
        "period": show.period,
        "reads_trail": _reads_trail,
        "kept": _kept,
    }
    app.context_processor(lambda: {"navigation": navigation()})
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compiled = app.config["SETTINGS"].instance_dir / "compiled-templates"
    compiled.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = CompiledTemplates(str(compiled), f"{__version__}-%s")


def _reads_trail() -> bool:
    """Whether pages lead to what the audit trail says about the thing they show."""
    return current_user.is_authenticated and may(
        actor_of(current_user), Permission.SEE_AUDIT, subject()
    )


@lru_cache(maxsize=1024)
def _kept(macro: Macro, *values: Any) -> str:
    """What a macro draws from values, and from nothing else: the same are drawn once. A day takes two kilobytes."""
    return macro(*values)


class Page(Template):
    """A template with the globals of its environment and no others: macros that one takes from another need not be
    looked through for globals that are new to them, which Jinja does each time.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates are compiled once by an installation, not by each of its processes.

    Known by their source and by our version, which decides how they are compiled: nothing here grows stale. Where the
    disk takes no more, every process compiles for itself.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)
