"""`instrument-share verify-ledger` and the exports of use and bookings."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .database import with_current_schema

if TYPE_CHECKING:
    from ..foundation.documents.sheet import Sheet


@click.command("verify-ledger")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@with_current_schema
def verify_ledger(as_json: bool) -> None:
    """Check that use, charges, both ledgers and statements agree. Exit status 1 where they do not."""
    from ..accounting.verification import findings

    found = list(findings())
    if as_json:
        click.echo(json.dumps({"findings": found}, ensure_ascii=False))
    else:
        for sentence in found:
            click.echo(sentence)
        click.echo("The ledgers hold." if not found else f"{len(found)} findings.")
    sys.exit(1 if found else 0)


@click.group()
def export() -> None:
    """Write what the site holds to a file: .csv or .xlsx by its name."""


@export.command("usage")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_current_schema
def export_usage(file: Path) -> None:
    """Every usage record with its charge, one row a charge line."""
    from ..accounting.exports import usage_sheet

    _write(file, usage_sheet())


@export.command("bookings")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_current_schema
def export_bookings(file: Path) -> None:
    """Every booking: when, where, for which institution, in which state."""
    from ..accounting.exports import bookings_sheet

    _write(file, bookings_sheet())


def _write(file: Path, sheet: Sheet) -> None:
    from ..foundation.documents import comma_separated, workbook

    kinds = {".csv": comma_separated.written, ".xlsx": lambda it: workbook.written([it])}
    if file.suffix not in kinds:
        raise click.UsageError("Name the file .csv or .xlsx.")
    file.write_bytes(kinds[file.suffix](sheet))
    click.echo(f"{len(sheet.rows)} rows are in {file}.")
