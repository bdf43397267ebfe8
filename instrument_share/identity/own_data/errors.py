"""Why an account is not erased."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class ErasureHindered(Refusal):
    """Something that others rely on must be settled first."""

    code = "erasure_hindered"
    message = lazy_gettext("Something must be settled before this account can be erased.")
