"""The tables of every floor; what guards them comes in 0002.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("yearly_minutes", Key, nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'suspended', 'ended')", name=op.f("ck_agreement_state")
        ),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_agreement_validity")),
        sa.CheckConstraint("yearly_minutes >= 0", name=op.f("ck_agreement_quota")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("reference", name=op.f("uq_agreement_reference")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", Key, autoincrement=False, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor_id", Key, nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_entry_subject", ["subject_kind", "subject_id", "sequence"], unique=False
        )

    op.create_table(
        "audit_head",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("sequence", Key, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "calendar",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("secret_serial", Key, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar")),
    )
    op.create_table(
        "institution",
        sa.Column("id", Key, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("ror", sa.String(length=40), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mail_domains", Json, nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("parent_id", Key, nullable=True),
        sa.CheckConstraint("kind IN ('host', 'partner', 'both')", name=op.f("ck_institution_kind")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["institution.id"], name=op.f("fk_institution_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("ror", name=op.f("uq_institution_ror")),
        sa.UniqueConstraint("slug", name=op.f("uq_institution_slug")),
    )
    op.create_table(
        "technique",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_technique")),
    )
    op.create_table(
        "agreement_discount",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("percent", Key, nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_agreement_discount_percent")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_discount_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", "mode", name=op.f("pk_agreement_discount")),
    )
    op.create_table(
        "agreement_host",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_host_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_agreement_host_institution_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "institution_id", name=op.f("pk_agreement_host")),
    )
    with op.batch_alter_table("agreement_host", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_host_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "agreement_partner",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.Column("yearly_minutes", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_partner_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_agreement_partner_institution_id")
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "institution_id", name=op.f("pk_agreement_partner")
        ),
    )
    with op.batch_alter_table("agreement_partner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_partner_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "facility",
        sa.Column("id", Key, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("host_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("descriptions", Json, nullable=False),
        sa.Column("place", Json, nullable=False),
        sa.Column("programme", Json, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["institution.id"], name=op.f("fk_facility_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("slug", name=op.f("uq_facility_slug")),
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facility_host_id"), ["host_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", Key, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("latin_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("institution_id", Key, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("verification", sa.String(length=40), nullable=False),
        sa.Column("mail_verified_at", Instant, nullable=True),
        sa.Column("suspended_at", Instant, nullable=True),
        sa.Column("session_serial", Key, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint(
            "verification IN ('unverified', 'vouched')", name=op.f("ck_person_verification")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_person_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("orcid", name=op.f("uq_person_orcid")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "project",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("agreement_id", Key, nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("grant_numbers", Json, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_project_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("reference", name=op.f("uq_project_reference")),
    )
    op.create_table(
        "agreement_facility",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_facility_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_agreement_facility_facility_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "facility_id", name=op.f("pk_agreement_facility")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "facility_co_builder",
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"],
            ["facility.id"],
            name=op.f("fk_facility_co_builder_facility_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_facility_co_builder_institution_id"),
        ),
        sa.PrimaryKeyConstraint(
            "facility_id", "institution_id", name=op.f("pk_facility_co_builder")
        ),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_idempotency_key_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "instrument",
        sa.Column("id", Key, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("pid", sa.String(length=200), nullable=True),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("specification", Json, nullable=False),
        sa.Column("sample_requirements", Json, nullable=False),
        sa.Column("manufacturer", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("commissioned_year", Key, nullable=True),
        sa.Column("acquisition_value_minor", Key, nullable=True),
        sa.Column("acquisition_currency", sa.String(length=3), nullable=True),
        sa.Column("class_code", sa.String(length=20), nullable=False),
        sa.Column("class_label", Json, nullable=False),
        sa.Column("variables", Json, nullable=False),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("positions", Key, nullable=False),
        sa.Column("granularity_minutes", Key, nullable=False),
        sa.Column("shortest_minutes", Key, nullable=False),
        sa.Column("longest_minutes", Key, nullable=False),
        sa.Column("setup_minutes", Key, nullable=False),
        sa.Column("teardown_minutes", Key, nullable=False),
        sa.Column("lead_minutes", Key, nullable=False),
        sa.Column("horizon_days", Key, nullable=False),
        sa.Column("cancellation_minutes", Key, nullable=False),
        sa.Column("opening", Json, nullable=False),
        sa.Column("qualification", sa.String(length=40), nullable=False),
        sa.Column("safety_class", sa.String(length=40), nullable=False),
        sa.Column("open_to", Json, nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.CheckConstraint(
            "status IN ('in_service', 'restricted', 'out_of_service', 'retired')",
            name=op.f("ck_instrument_status"),
        ),
        sa.CheckConstraint(
            "0 < shortest_minutes AND shortest_minutes <= longest_minutes",
            name=op.f("ck_instrument_length"),
        ),
        sa.CheckConstraint(
            "granularity_minutes BETWEEN 1 AND 1440", name=op.f("ck_instrument_granularity")
        ),
        sa.CheckConstraint("positions BETWEEN 1 AND 50", name=op.f("ck_instrument_positions")),
        sa.CheckConstraint(
            "setup_minutes >= 0 AND teardown_minutes >= 0 AND lead_minutes >= 0",
            name=op.f("ck_instrument_margins"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_instrument_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("pid", name=op.f("uq_instrument_pid")),
        sa.UniqueConstraint("slug", name=op.f("uq_instrument_slug")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instrument_facility_id"), ["facility_id"], unique=False
        )

    op.create_table(
        "project_member",
        sa.Column("project_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_project_member_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_project_member_project_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_project_member")),
    )
    with op.batch_alter_table("project_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_member_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "role_grant",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=40), nullable=False),
        sa.Column("scope_id", Key, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by_id", Key, nullable=True),
        sa.Column("granted_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(scope_kind = 'programme') = (scope_id IS NULL)", name=op.f("ck_role_grant_scope_id")
        ),
        sa.CheckConstraint(
            "scope_kind IN ('programme', 'institution', 'facility', 'instrument')",
            name=op.f("ck_role_grant_scope_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_role_grant_granted_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "scope_kind",
            "scope_id",
            name=op.f("uq_role_grant_person_id_role_scope_kind_scope_id"),
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_role_grant_role_scope", ["role", "scope_kind", "scope_id"], unique=False
        )

    op.create_table(
        "statement",
        sa.Column("id", Key, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("payer_id", Key, nullable=False),
        sa.Column("host_id", Key, nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", Key, nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("issued_by_id", Key, nullable=True),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["institution.id"], name=op.f("fk_statement_host_id")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_statement_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["institution.id"], name=op.f("fk_statement_payer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_number")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("sequence", Key, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("position", Key, nullable=True),
        sa.Column("applicant_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=True),
        sa.Column("agreement_id", Key, nullable=True),
        sa.Column("project_id", Key, nullable=True),
        sa.Column("access_mode", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("held_from", Instant, nullable=False),
        sa.Column("held_until", Instant, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("submitted_at", Instant, nullable=True),
        sa.Column("hold_expires_at", Instant, nullable=True),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "held_from <= starts_at AND ends_at <= held_until", name=op.f("ck_booking_held")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_order")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_booking_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["person.id"], name=op.f("fk_booking_applicant_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_booking_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_booking_instrument_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_booking_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("reference", name=op.f("uq_booking_reference")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(
            "ix_booking_applicant_start", ["applicant_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_booking_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(
            "ix_booking_instrument_start", ["instrument_id", "starts_at"], unique=False
        )
        batch_op.create_index("ix_booking_state_start", ["state", "starts_at"], unique=False)

    op.create_table(
        "instrument_field",
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_instrument_field_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instrument_id", "field", name=op.f("pk_instrument_field")),
    )
    with op.batch_alter_table("instrument_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_field_field"), ["field"], unique=False)

    op.create_table(
        "instrument_mode",
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_instrument_mode_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instrument_id", "mode", name=op.f("pk_instrument_mode")),
    )
    with op.batch_alter_table("instrument_mode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_mode_mode"), ["mode"], unique=False)

    op.create_table(
        "instrument_technique",
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("technique_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_instrument_technique_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["technique_code"],
            ["technique.code"],
            name=op.f("fk_instrument_technique_technique_code"),
        ),
        sa.PrimaryKeyConstraint(
            "instrument_id", "technique_code", name=op.f("pk_instrument_technique")
        ),
    )
    with op.batch_alter_table("instrument_technique", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instrument_technique_technique_code"), ["technique_code"], unique=False
        )

    op.create_table(
        "opening_exception",
        sa.Column("id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("reason", Json, nullable=False),
        sa.Column("sudden", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", Key, nullable=True),
        sa.CheckConstraint(
            "kind IN ('closure', 'opening')", name=op.f("ck_opening_exception_kind")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_opening_exception_order")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_opening_exception_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_opening_exception_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exception")),
    )
    with op.batch_alter_table("opening_exception", schema=None) as batch_op:
        batch_op.create_index(
            "ix_opening_exception_when", ["instrument_id", "ends_at"], unique=False
        )

    op.create_table(
        "qualification",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("issued_by_id", Key, nullable=True),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "level IN ('supervised', 'independent')", name=op.f("ck_qualification_level")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_qualification_instrument_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_qualification_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_qualification_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint(
            "person_id",
            "instrument_id",
            "level",
            name=op.f("uq_qualification_person_id_instrument_id_level"),
        ),
    )
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_qualification_instrument_id"), ["instrument_id"], unique=False
        )

    op.create_table(
        "rate_card",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=True),
        sa.Column("payer_category", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("instrument_hour_minor", Key, nullable=False),
        sa.Column("operator_hour_minor", Key, nullable=False),
        sa.Column("sample_minor", Key, nullable=False),
        sa.CheckConstraint(
            "instrument_hour_minor >= 0 AND operator_hour_minor >= 0 AND sample_minor >= 0",
            name=op.f("ck_rate_card_prices"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_rate_card_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_rate_card_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_card")),
        sa.UniqueConstraint(
            "facility_id",
            "instrument_id",
            "payer_category",
            "valid_from",
            name=op.f("uq_rate_card_facility_id_instrument_id_payer_category_valid_from"),
        ),
    )
    with op.batch_alter_table("rate_card", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rate_card_instrument_id"), ["instrument_id"], unique=False
        )

    op.create_table(
        "approval_step",
        sa.Column("id", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("round", Key, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=40), nullable=False),
        sa.Column("scope_id", Key, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("due_at", Instant, nullable=True),
        sa.Column("decided_by_id", Key, nullable=True),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'pending', 'approved', 'rejected', 'changes_requested', 'void')",
            name=op.f("ck_approval_step_status"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["booking.id"],
            name=op.f("fk_approval_step_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_approval_step_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint(
            "booking_id", "round", "place", name=op.f("uq_approval_step_booking_id_round_place")
        ),
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_approval_step_waiting", ["status", "role", "scope_kind", "scope_id"], unique=False
        )

    op.create_table(
        "hold",
        sa.Column("id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("position", Key, nullable=False),
        sa.Column("held_from", Instant, nullable=False),
        sa.Column("held_until", Instant, nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.CheckConstraint("held_from < held_until", name=op.f("ck_hold_order")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_hold_position")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_hold_booking_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_hold_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_hold_booking_id")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hold_instrument_position_from",
            ["instrument_id", "position", "held_from"],
            unique=False,
        )

    op.create_table(
        "message",
        sa.Column("id", Key, nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("booking_id", Key, nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("read_at", Instant, nullable=True),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("failed_at", Instant, nullable=True),
        sa.Column("attempts", Key, nullable=False),
        sa.Column("next_attempt_at", Instant, nullable=True),
        sa.Column("claimed_by", sa.String(length=60), nullable=True),
        sa.Column("claimed_until", Instant, nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_message_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index("ix_message_due", ["next_attempt_at"], unique=False)
        batch_op.create_index("ix_message_inbox", ["person_id", "id"], unique=False)

    op.create_table(
        "sample",
        sa.Column("id", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("count", Key, nullable=False),
        sa.Column("hazard", sa.String(length=200), nullable=False),
        sa.Column("afterwards", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "afterwards IN ('return', 'destroy')", name=op.f("ck_sample_afterwards")
        ),
        sa.CheckConstraint("count BETWEEN 1 AND 10000", name=op.f("ck_sample_count")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_sample_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "usage_record",
        sa.Column("id", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=True),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("operator_minutes", Key, nullable=False),
        sa.Column("samples", Key, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reverses_id", Key, nullable=True),
        sa.Column("recorded_by_id", Key, nullable=True),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(reverses_id IS NULL) = (minutes >= 0)", name=op.f("ck_usage_record_sign")
        ),
        sa.CheckConstraint("started_at < ended_at", name=op.f("ck_usage_record_order")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_usage_record_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_usage_record_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_usage_record_instrument_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_usage_record_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["usage_record.id"], name=op.f("fk_usage_record_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_record")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_usage_record_reverses_id")),
    )
    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_usage_record_booking_id"), ["booking_id"], unique=False
        )
        batch_op.create_index(
            "ix_usage_record_instrument", ["instrument_id", "started_at"], unique=False
        )
        batch_op.create_index(
            "ix_usage_record_started", ["started_at", "institution_id"], unique=False
        )

    op.create_table(
        "charge_line",
        sa.Column("id", Key, nullable=False),
        sa.Column("usage_id", Key, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("payer_id", Key, nullable=True),
        sa.Column("host_id", Key, nullable=False),
        sa.Column("payer_category", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", Key, nullable=False),
        sa.Column("rate_minor", Key, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("gross_minor", Key, nullable=False),
        sa.Column("discount_percent", Key, nullable=False),
        sa.Column("discount_minor", Key, nullable=False),
        sa.Column("agreement_id", Key, nullable=True),
        sa.Column("amount_minor", Key, nullable=False),
        sa.CheckConstraint(
            "gross_minor - discount_minor = amount_minor", name=op.f("ck_charge_line_arithmetic")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_charge_line_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["institution.id"], name=op.f("fk_charge_line_host_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["institution.id"], name=op.f("fk_charge_line_payer_id")
        ),
        sa.ForeignKeyConstraint(
            ["usage_id"], ["usage_record.id"], name=op.f("fk_charge_line_usage_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_line")),
        sa.UniqueConstraint("usage_id", "place", name=op.f("uq_charge_line_usage_id_place")),
    )
    with op.batch_alter_table("charge_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_line_payer_id"), ["payer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_line_usage_id"), ["usage_id"], unique=False)

    op.create_table(
        "minutes_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=True),
        sa.Column("year", Key, nullable=False),
        sa.Column("debit", sa.String(length=40), nullable=False),
        sa.Column("credit", sa.String(length=40), nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=True),
        sa.Column("usage_id", Key, nullable=True),
        sa.CheckConstraint(
            "credit IN ('granted', 'available', 'reserved', 'consumed')",
            name=op.f("ck_minutes_entry_credit"),
        ),
        sa.CheckConstraint(
            "debit IN ('granted', 'available', 'reserved', 'consumed')",
            name=op.f("ck_minutes_entry_debit"),
        ),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_minutes_entry_moves")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_minutes_entry_positive")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_minutes_entry_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_minutes_entry_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_minutes_entry_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["usage_id"], ["usage_record.id"], name=op.f("fk_minutes_entry_usage_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_entry")),
    )
    with op.batch_alter_table("minutes_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_minutes_entry_booking_id"), ["booking_id"], unique=False
        )
        batch_op.create_index("ix_minutes_entry_quota", ["agreement_id", "year"], unique=False)

    op.create_table(
        "money_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("debit", sa.String(length=40), nullable=False),
        sa.Column("debit_institution_id", Key, nullable=True),
        sa.Column("credit", sa.String(length=40), nullable=False),
        sa.Column("credit_institution_id", Key, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", Key, nullable=False),
        sa.Column("charge_line_id", Key, nullable=False),
        sa.CheckConstraint(
            "credit IN ('payer', 'subsidy', 'income')", name=op.f("ck_money_entry_credit")
        ),
        sa.CheckConstraint(
            "debit IN ('payer', 'subsidy', 'income')", name=op.f("ck_money_entry_debit")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_money_entry_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_money_entry_moves")),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_money_entry_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_institution_id"],
            ["institution.id"],
            name=op.f("fk_money_entry_credit_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["debit_institution_id"],
            ["institution.id"],
            name=op.f("fk_money_entry_debit_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_entry")),
    )
    with op.batch_alter_table("money_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_money_entry_charge_line_id"), ["charge_line_id"], unique=False
        )

    op.create_table(
        "statement_line",
        sa.Column("charge_line_id", Key, nullable=False),
        sa.Column("statement_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_statement_line_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_line_statement_id")
        ),
        sa.PrimaryKeyConstraint("charge_line_id", name=op.f("pk_statement_line")),
    )
    with op.batch_alter_table("statement_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_line_statement_id"), ["statement_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("statement_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_line_statement_id"))

    op.drop_table("statement_line")
    with op.batch_alter_table("money_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_money_entry_charge_line_id"))

    op.drop_table("money_entry")
    with op.batch_alter_table("minutes_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_minutes_entry_quota")
        batch_op.drop_index(batch_op.f("ix_minutes_entry_booking_id"))

    op.drop_table("minutes_entry")
    with op.batch_alter_table("charge_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_line_usage_id"))
        batch_op.drop_index(batch_op.f("ix_charge_line_payer_id"))

    op.drop_table("charge_line")
    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_record_started")
        batch_op.drop_index("ix_usage_record_instrument")
        batch_op.drop_index(batch_op.f("ix_usage_record_booking_id"))

    op.drop_table("usage_record")
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_booking_id"))

    op.drop_table("sample")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_inbox")
        batch_op.drop_index("ix_message_due")
        batch_op.drop_index(batch_op.f("ix_message_booking_id"))

    op.drop_table("message")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index("ix_hold_instrument_position_from")

    op.drop_table("hold")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_step_waiting")

    op.drop_table("approval_step")
    with op.batch_alter_table("rate_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_card_instrument_id"))

    op.drop_table("rate_card")
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualification_instrument_id"))

    op.drop_table("qualification")
    with op.batch_alter_table("opening_exception", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_exception_when")

    op.drop_table("opening_exception")
    with op.batch_alter_table("instrument_technique", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_technique_technique_code"))

    op.drop_table("instrument_technique")
    with op.batch_alter_table("instrument_mode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_mode_mode"))

    op.drop_table("instrument_mode")
    with op.batch_alter_table("instrument_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_field_field"))

    op.drop_table("instrument_field")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_state_start")
        batch_op.drop_index("ix_booking_instrument_start")
        batch_op.drop_index(batch_op.f("ix_booking_institution_id"))
        batch_op.drop_index("ix_booking_applicant_start")
        batch_op.drop_index(batch_op.f("ix_booking_agreement_id"))

    op.drop_table("booking")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_payer_id"))
        batch_op.drop_index(batch_op.f("ix_statement_host_id"))

    op.drop_table("statement")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_role_grant_role_scope")
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("project_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_member_person_id"))

    op.drop_table("project_member")
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_facility_id"))

    op.drop_table("instrument")
    op.drop_table("idempotency_key")
    op.drop_table("facility_co_builder")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))

    op.drop_table("api_token")
    op.drop_table("agreement_facility")
    op.drop_table("project")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_institution_id"))

    op.drop_table("person")
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_host_id"))

    op.drop_table("facility")
    with op.batch_alter_table("agreement_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_partner_institution_id"))

    op.drop_table("agreement_partner")
    with op.batch_alter_table("agreement_host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_host_institution_id"))

    op.drop_table("agreement_host")
    op.drop_table("agreement_discount")
    op.drop_table("technique")
    op.drop_table("institution")
    op.drop_table("calendar")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")

    op.drop_table("audit_entry")
    op.drop_table("agreement")
