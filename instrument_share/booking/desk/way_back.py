"""Where the page of approvals goes on after a decision that was made there."""

from __future__ import annotations

from flask import request, url_for


def way_to_desk() -> str | None:
    """Its address as the form names it (the macro `way_on`); None where the decision was made elsewhere."""
    if request.form.get("back") != "approvals":
        return None
    return url_for(
        "booking.approvals",
        instrument=request.form.get("queue") or None,
        _anchor=request.form.get("next") or None,
    )
