"""The group of commands; each command lives in a module named for its noun."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo

from .. import create_app
from .accounting import export, verify_ledger
from .backup import backup, restore
from .check import check
from .database import db
from .demo import demo
from .generate import generate
from .identity import create_admin, reset_second_factor, verify_audit
from .reports import report
from .serve import serve
from .worker import worker
from .zones import check_zones

#: The application is made only by commands that need it: help is told whatever the settings are.
group = click.Group(
    name="instrument-share",
    help="Share large research instruments with partner institutions.",
    context_settings={"obj": ScriptInfo(create_app=create_app)},
)

for _command in (
    check,
    backup,
    restore,
    serve,
    demo,
    generate,
    db,
    worker,
    check_zones,
    create_admin,
    reset_second_factor,
    verify_audit,
    verify_ledger,
    export,
    report,
):
    group.add_command(_command)
