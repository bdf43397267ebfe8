"""`instrument-share demo`: the demonstration, from nothing to a site that can be visited."""

from __future__ import annotations

import multiprocessing
import os

import click

from ..settings import PREFIX, Settings
from .serve import run


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-serve", is_flag=True, help="Load the data and stop.")
def demo(host: str, port: int, workers: int, no_serve: bool) -> None:
    """Load the demonstration into the database, unless it is there, and serve it."""
    os.environ[f"{PREFIX}DEMO"] = "on"
    _prepare(Settings.from_environment(os.environ))
    _tell_accounts(host, port)
    if not no_serve:
        run(host=host, port=port, workers=workers)


def _prepare(settings: Settings) -> None:
    """Bring the schema up to date and load the data.

    They are loaded by a process that ends: the typesetter of their papers keeps threads, which a server process forked
    from here would wait for and not have.
    """
    from .. import create_app, demo
    from ..foundation.database import db
    from .database import migrate

    with create_app(settings).app_context():
        migrate()
        is_loaded = demo.is_loaded()
        db.session.remove()
        db.engine.dispose()  # connections must not cross into the server's processes
    if not is_loaded:
        loading = multiprocessing.get_context("spawn").Process(target=_load_with_bar)
        loading.start()
        loading.join()
        if loading.exitcode:
            raise click.ClickException("The demonstration could not be loaded; nothing was kept.")


def _load_with_bar() -> None:
    """Load everything, with a bar that shows how far it is."""
    from rich.progress import Progress

    from .. import create_app, demo

    with create_app().app_context(), Progress() as bar:
        task = bar.add_task("Loading the demonstration", total=1.0)
        demo.load(progress=lambda share: bar.update(task, completed=share))


def _tell_accounts(host: str, port: int) -> None:
    from ..identity.demo_accounts import DEMO_ACCOUNTS, PASSWORD

    click.echo(f"\nSign in at http://{host}:{port}/sign-in with the password “{PASSWORD}”:\n")
    for email, what in DEMO_ACCOUNTS:
        click.echo(f"  {email:36} {what}")
    click.echo("")
