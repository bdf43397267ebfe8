"""`Vary`, written in one go."""

from __future__ import annotations

import pytest
from flask import Response

from instrument_share.foundation.http.vary import vary_on


@pytest.mark.parametrize(
    ("said", "added", "then"),
    [
        (None, ["Cookie"], "Cookie"),
        (None, ["Cookie", "Accept-Language"], "Cookie, Accept-Language"),
        ("cookie", ["Cookie", "Accept-Language"], "cookie, Accept-Language"),
        ("Accept-Language,Cookie", ["Cookie"], "Accept-Language,Cookie"),
    ],
)
def test_an_answer_names_each_header_once(said, added, then):
    response = Response(headers={"Vary": said} if said else {})
    vary_on(response, *added)
    assert response.headers.getlist("Vary") == [then]
    assert all(name in response.vary for name in added)
