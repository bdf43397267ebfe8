"""A test client whose requests are as separate from the test as a server's would be."""

from __future__ import annotations

import contextvars
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from instrument_share.foundation.database import db


class SeparateClient(FlaskClient):
    """Runs each request in a context of its own: own `g`, own database session, own sign-in.

    What the test has arranged through `session` is committed before the request, and what it reads
    afterwards is fresh.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.preserve_context:  # inside `with client:` the test wants to look into the context
            return super().open(*args, **kwargs)
        has_session = bool(current_app)
        if has_session:
            db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_session:
            db.session.expire_all()
        return response
