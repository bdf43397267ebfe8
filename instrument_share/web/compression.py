"""Text answers are gzipped for whoever accepts that (RFC 9110 section 8.4.1.3): our readers' links are slow.

Compressed answers keep their ETag, made weak: the bytes differ, what they say does not. Cookies are SameSite=Lax, so
no other site can make a reader's browser ask for pages beside guessed text (BREACH).
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, g, request

from ..foundation.http.vary import vary_on

#: Smaller answers fit into one packet anyway.
_WORTH_IT = 1024
_LEVEL = 5
_TEXT = frozenset(
    {
        "application/json",
        "application/problem+json",
        "application/javascript",
        "application/xml",
        "image/svg+xml",
    }
)


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.status_code not in (200, 304) or not _is_text(response.mimetype or ""):
        return response
    vary_on(response, "Accept-Encoding")  # in a 304 too (RFC 9110 section 15.4.5)
    if response.status_code == 304 or not _is_wanted(response):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _WORTH_IT:
        static = g.get("static_version")
        packed = _packed_static(static, body) if static else gzip.compress(body, _LEVEL, mtime=0)
        _replace(response, packed)
    return response


def _is_text(mimetype: str) -> bool:
    return mimetype.startswith("text/") or mimetype in _TEXT


def _is_wanted(response: Response) -> bool:
    """Whether the reader takes gzip and the answer is whole (no range, not streamed, not encoded already)."""
    if "Content-Encoding" in response.headers or "Content-Range" in response.headers:
        return False
    if response.is_streamed and not g.get("static_version"):
        return False
    return request.accept_encodings.quality("gzip") > 0


def _replace(response: Response, packed: bytes) -> None:
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(packed))
    response.headers.pop("Accept-Ranges", None)
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)


@lru_cache(maxsize=256)
def _packed_static(version: str, body: bytes) -> bytes:
    """A static file's bytes, packed once in each process as small as can be."""
    return gzip.compress(body, 9, mtime=0)
