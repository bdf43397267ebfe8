"""Whatever stores the code of an enum holds one of its codes, whatever writes it.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_MODES = "on_site remote mail_in data"
_ROLES = (
    "researcher liaison operator facility_manager safety_officer international_office "
    "programme_officer administrator"
)
_FIELDS = (
    "agriculture energy transport information_communication resources environment ocean "
    "advanced_manufacturing new_materials aerospace medicine_health disaster_prevention"
)
_PROJECTS = "joint_project joint_laboratory big_science_programme"
_PAYERS = "host_internal domestic_academic partner_institution industry"
_SCREENINGS = "none export_control biosafety human_genetic_resources radiation data_transfer"

#: Tables and columns, and the codes that they take.
_CODES = {
    ("agreement_discount", "mode"): _MODES,
    ("approval_step", "role"): _ROLES,
    ("approval_step", "escalate_to"): _ROLES,
    ("approval_step", "scope_kind"): "programme institution facility instrument",
    ("approval_step", "silence"): "expire escalate approve",
    ("booking", "access_mode"): _MODES,
    ("charge_line", "payer_category"): _PAYERS,
    ("charge_line", "unit"): "instrument_hour operator_hour sample",
    ("connection_check", "code"): "network program samples contact",
    ("facility", "kind"): (
        "national_facility shared_centre joint_laboratory research_vessel field_station "
        "computing_centre"
    ),
    ("instrument", "qualification"): "none supervised independent",
    ("instrument", "safety_class"): (
        "none chemical biosafety radiation laser cryogenic high_field"
    ),
    ("instrument", "screening_class"): _SCREENINGS,
    ("instrument_field", "field"): _FIELDS,
    ("instrument_mode", "mode"): _MODES,
    ("minutes_entry", "kind"): "grant reserve release consume correct carry_out carry_in",
    ("money_entry", "kind"): "charge subsidy correct",
    ("project", "field"): _FIELDS,
    ("project", "kind"): _PROJECTS,
    ("proposal", "field"): _FIELDS,
    ("proposal_call", "project_kind"): _PROJECTS,
    ("rate_card", "payer_category"): _PAYERS,
    ("role_grant", "role"): _ROLES,
    ("sample_step", "step"): "send receive measure keep return destroy",
    ("screening", "screening_class"): _SCREENINGS,
    ("screening_checklist", "screening_class"): _SCREENINGS,
    ("series", "on_conflict"): "skip shift stop",
    ("visitor", "role"): "professor researcher doctoral_student student engineer other",
    ("waiting_entry", "access_mode"): _MODES,
}


def upgrade() -> None:
    make = _check if op.get_bind().dialect.name == "postgresql" else _triggers
    for (table, column), codes in _CODES.items():
        listed = ", ".join(f"'{code}'" for code in codes.split())
        for statement in make(table, column, listed):
            op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, column in _CODES:
        name = f"ck_{table}_{column}"
        if is_postgresql:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"DROP TRIGGER {name}_update")


def _check(table: str, column: str, listed: str) -> Iterator[str]:
    yield (f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))")


def _triggers(table: str, column: str, listed: str) -> Iterator[str]:
    """SQLite would have to make every table anew for a check."""
    name = f"ck_{table}_{column}"
    for trigger, event in ((name, "INSERT"), (f"{name}_update", f"UPDATE OF {column}")):
        yield (
            f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} "
            f"WHEN NEW.{column} NOT IN ({listed}) "
            f"BEGIN SELECT RAISE(ABORT, '{name}: there is no such code'); END"
        )
