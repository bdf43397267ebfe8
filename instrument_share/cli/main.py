"""The group of commands; each command lives in a module named for its noun."""

from __future__ import annotations

from flask.cli import FlaskGroup

from .. import create_app
from .accounting import export, verify_ledger
from .database import db
from .serve import serve
from .worker import worker

group = FlaskGroup(
    name="instrument-share",
    help="Share large research instruments with partner institutions.",
    create_app=create_app,
    add_default_commands=False,
    add_version_option=False,
)

for _command in (serve, db, worker, verify_ledger, export):
    group.add_command(_command)
