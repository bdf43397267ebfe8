"""`instrument-share generate`: invented load for measurements."""

from __future__ import annotations

import click

from .database import with_current_schema


@click.command()
@click.option(
    "--instruments", required=True, type=click.IntRange(1, 1_000_000), help="How many to add."
)
@click.option(
    "--bookings", required=True, type=click.IntRange(0, 100_000_000), help="How many to add."
)
@with_current_schema
def generate(instruments: int, bookings: int) -> None:
    """Add invented instruments with confirmed bookings, always the same, to measure with.

    Not for a site with real people: nothing takes the rows out again.
    """
    from rich.progress import Progress

    from ..demo.synthetic import generate as write
    from ..foundation.clock import now

    with Progress() as bar:
        task = bar.add_task("Writing bookings", total=bookings)
        write(
            instruments, bookings, at=now(), progress=lambda done: bar.update(task, completed=done)
        )
    click.echo(f"Added {instruments} instruments and {bookings} bookings.")
