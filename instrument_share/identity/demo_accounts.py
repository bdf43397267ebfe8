"""The accounts of the demonstration: roles, not persons. They exist only in demo mode."""

from __future__ import annotations

from flask_babel import lazy_gettext

PASSWORD = "demo"  # noqa: S105  everybody may know it

#: Mail address and what the account shows, in the order of a visit.
DEMO_ACCOUNTS = (
    (
        "researcher@demo.example",
        lazy_gettext("Researcher of a partner university: find an instrument and ask for it"),
    ),
    ("manager@demo.example", lazy_gettext("Facility manager: decide, start and finish bookings")),
    (
        "international-office@demo.example",
        lazy_gettext("International office: the second decision"),
    ),
    ("safety@demo.example", lazy_gettext("Safety officer: instruments with a safety class")),
    ("liaison@demo.example", lazy_gettext("Liaison of the partner university: quota and people")),
    ("programme@demo.example", lazy_gettext("Programme officer: statements and reports")),
    ("admin@demo.example", lazy_gettext("Administrator: people, roles and the audit trail")),
)
