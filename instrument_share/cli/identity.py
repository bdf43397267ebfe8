"""`instrument-share create-admin`, `reset-second-factor` and `verify-audit`."""

from __future__ import annotations

import json
import sys

import click

from .database import with_current_schema


@click.command("create-admin")
@click.option("--email", prompt=True, help="Mail address to sign in with.")
@click.option("--name", prompt=True, help="Name as it is shown.")
@click.password_option(help="Asked for when left out.")
@with_current_schema
def create_admin(email: str, name: str, password: str) -> None:
    """Make the account of an administrator of the whole programme."""
    from ..foundation.clock import now
    from ..foundation.errors import DomainError
    from ..foundation.transaction import perform
    from ..identity.common_passwords import TOO_COMMON, is_common
    from ..identity.passwords import SHORTEST
    from ..identity.rules import PROGRAMME, Role
    from ..identity.services import create_account, grant_role

    if len(password) < SHORTEST:
        raise click.UsageError(f"Choose a password of at least {SHORTEST} characters.")

    if is_common(password):
        raise click.UsageError(str(TOO_COMMON))

    def create() -> None:
        person = create_account(email, password, name, at=now())
        grant_role(person, Role.ADMINISTRATOR, PROGRAMME, by=None, at=now())

    try:
        perform(create)
    except DomainError as refusal:
        raise click.ClickException(
            " ".join(map(str, [refusal.message, *refusal.fields.values()]))
        ) from None
    click.echo(f"{email} is an administrator and can sign in.")


@click.command("reset-second-factor")
@click.option("--email", prompt=True, help="Mail address of the account.")
@with_current_schema
def reset_second_factor(email: str) -> None:
    """Take the second factor off an account whose person has lost it.

    Make sure first who asks. Their devices are signed out and their tokens end, they are told by mail, and the audit
    trail keeps it.
    """
    from ..foundation.clock import now
    from ..foundation.errors import DomainError, NotFound
    from ..foundation.transaction import perform
    from ..identity.second_factor.services import reset

    try:
        perform(reset, email, at=now())
    except NotFound:
        raise click.ClickException("Nobody has an account with this address.") from None
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo(f"{email} signs in with the password alone, and is told by mail.")


@click.command("verify-audit")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@with_current_schema
def verify_audit(as_json: bool) -> None:
    """Check that no entry of the audit trail was changed, removed or put in. Exit status 1 where one was."""
    from ..identity.audit import broken_entries

    found = list(broken_entries())
    if as_json:
        click.echo(json.dumps({"findings": found}))
    else:
        for sentence in found:
            click.echo(sentence)
        click.echo("The audit trail holds." if not found else f"{len(found)} findings.")
    sys.exit(1 if found else 0)
