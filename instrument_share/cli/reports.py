"""`instrument-share report …`: reports written to files."""

from __future__ import annotations

from pathlib import Path

import click

from .database import with_current_schema


@click.group()
def report() -> None:
    """Write a report to a file."""


@report.command("contribution")
@click.option("--year", required=True, type=click.IntRange(1990, 2200), help="Calendar year (UTC).")
@click.option("--institution", help="The slug of one institution; all of them unless told.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@with_current_schema
def contribution(year: int, institution: str | None, out: Path) -> None:
    """The contribution report of a year as .xlsx or .csv."""
    from ..foundation.errors import InvalidInput
    from ..reporting.downloads import KINDS
    from ..reporting.queries import whole_contribution

    kind = out.suffix.removeprefix(".")
    if kind not in KINDS:
        raise click.UsageError("Name the file .xlsx or .csv.")
    try:
        found = whole_contribution(year, institution)
    except InvalidInput as error:
        raise click.UsageError(" ".join(map(str, error.fields.values()))) from None
    out.write_bytes(KINDS[kind][1](found))
    click.echo(f"The report of {year} is in {out}: {found.sums.used_minutes} minutes of use.")
