"""Files that people hand in: what is taken, what is refused and why, where it lies, and how it comes back."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.files import http, services, storage
from instrument_share.files.errors import UnacceptableFile
from instrument_share.files.models import StoredFile
from instrument_share.files.rules import (
    LARGEST_FILE,
    LARGEST_REQUEST,
    Entry,
    Fault,
    clean_name,
    fault_of_contents,
)
from instrument_share.files.services import forget_contents_without_file, forget_unused, keep_file
from tests.support.builders import AT, make_person
from tests.support.uploads import DOCX, JPEG, ODT, PDF, PNG, WEBP, XLSX, packed, upload

TAKEN = {
    "plan.pdf": PDF, "Plan.PDF": PDF, "a.png": PNG, "b.jpg": JPEG, "b.jpeg": JPEG, "c.webp": WEBP,
    "notes.txt": "样品 عينة < 5 mm\n".encode(), "rows.csv": "名称;值\n".encode("gb18030"),
    "d.docx": packed(DOCX), "e.xlsx": packed(XLSX), "f.odt": packed(ODT), "v1.2.final.pdf": PDF,
}  # fmt: skip
REFUSED = [
    ("run.pdf", b"#!/bin/sh\nrm -rf /\n", Fault.MISMATCH),
    ("run.pdf", b"MZ\x90\x00", Fault.MISMATCH),
    ("page.png", b"<html><script>alert(1)</script>", Fault.MISMATCH),
    ("photo.png", JPEG, Fault.MISMATCH),
    ("photo.txt", PNG, Fault.MISMATCH),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Fault.KIND),
    ("drawing.txt", b"\xef\xbb\xbf <svg onload='alert(1)'/>", Fault.KIND),
    ("page.csv", b"a;b\n<SCRIPT src=x>", Fault.KIND),
    ("run.txt", b"#!/usr/bin/env python3\n", Fault.KIND),
    ("bytes.txt", b"a" * 70_000 + b"\x00", Fault.KIND),
    ("setup.exe", b"MZ\x90\x00", Fault.KIND),
    ("archive.zip", packed(DOCX), Fault.KIND),
    ("noending", PDF, Fault.KIND),
    ("invoice.js.pdf", PDF, Fault.NAME),
    ("invoice.html .pdf", PDF, Fault.NAME),
    ("empty.pdf", b"", Fault.EMPTY),
    ("letter.docx", packed(XLSX), Fault.MISMATCH),
    ("letter.docx", packed({"a.txt": b"a"}), Fault.MISMATCH),
    ("letter.docx", packed(DOCX | {"word/vbaProject.bin": b"x"}), Fault.ARCHIVE),
    ("letter.docx", packed(DOCX | {"word/more.zip": b"x"}), Fault.ARCHIVE),
    ("letter.docx", packed(DOCX | {"../../etc/passwd": b"x"}), Fault.ARCHIVE),
    ("letter.docx", packed(DOCX)[:-30], Fault.ARCHIVE),
]


def too_much() -> list[tuple[str, bytes, Fault]]:
    """Large things, made by the one test that hands them in."""
    many = {f"{n}.xml": b"" for n in range(3000)}
    return [
        ("letter.docx", packed(DOCX | {"word/media/a.xml": bytes(64 * 1024**2)}), Fault.ARCHIVE),
        ("letter.docx", packed(DOCX | many), Fault.ARCHIVE),
        ("big.pdf", PDF + bytes(LARGEST_FILE), Fault.TOO_LARGE),
    ]


@pytest.fixture
def person(session):
    person = make_person()
    session.commit()
    return person


def left_behind() -> list[str]:
    return list(storage.contents_before(AT + timedelta(days=40_000)))


def test_what_is_taken_is_kept_under_a_name_of_ours(session, person):
    for name, content in TAKEN.items():
        file = keep_file(upload(name, content), by=person, at=AT)
        assert storage.path_of(file.key).read_bytes() == content, name
        assert (file.name, file.size) == (name, len(content))
    assert not [name for name in left_behind() if "." in name]


def test_what_is_refused_says_why_and_leaves_nothing(session, person):
    for name, content, fault in REFUSED + too_much():
        with pytest.raises(UnacceptableFile) as refused:
            keep_file(upload(name, content), by=person, at=AT, field="plan")
        assert (refused.value.fault, name) == (fault, name)
        assert refused.value.code == f"file_{fault}"
        assert str(refused.value.fields["plan"]).endswith(".")
    assert left_behind() == []
    assert session.scalars(select(StoredFile)).all() == []


def test_one_person_does_not_fill_the_disk(session, person, monkeypatch):
    monkeypatch.setattr(services, "MOST_IN_A_DAY", 2 * len(PDF) + 1)
    later = [AT + timedelta(hours=hours) for hours in (0, 1, 23, 24)]
    for at in later[:2]:
        keep_file(upload(), by=person, at=at)
    with pytest.raises(UnacceptableFile) as refused:
        keep_file(upload(), by=person, at=later[2])
    assert refused.value.code == "file_much"
    keep_file(upload(), by=make_person(), at=later[2])
    keep_file(upload(), by=person, at=later[3])


def test_a_transaction_that_is_tried_again_reads_the_file_again(session, person):
    given = upload()
    keys = {keep_file(given, by=person, at=AT).key for _ in range(2)}
    assert [storage.path_of(key).read_bytes() for key in keys] == [PDF, PDF]


def test_what_nobody_refers_to_goes_and_what_failed_too(session, person, settings):
    old = keep_file(upload(), by=person, at=AT - timedelta(hours=2))
    session.commit()
    young = keep_file(upload(), by=person, at=AT)
    session.commit()
    failed = keep_file(upload(), by=person, at=AT)
    session.rollback()
    cut_off = settings.storage_dir / "tmpabc.part"
    cut_off.write_bytes(b"half")
    for file in (*(storage.path_of(each.key) for each in (old, failed)), cut_off):
        os.utime(file, (0, (AT - timedelta(hours=2)).timestamp()))
    assert forget_unused(AT) == 1
    session.commit()
    assert forget_contents_without_file(AT) == 3
    assert left_behind() == [young.key]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\样品.pdf", "样品.pdf"),
        ("in\u202efdp.exe.pdf", "infdp.exe.pdf"),
        ("a\r\nX: y.pdf", "aX y.pdf"),
        ("نمی\u200cدانم.pdf", "نمی\u200cدانم.pdf"),
        ("..", "file"),
        (".pdf", "pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_clean_name_is_short_has_no_path_and_stays_as_it_is(text):
    name = clean_name(text)
    assert 0 < len(name) <= 120
    assert not set(name) & set("/\\\r\n\x00\u202e")
    assert clean_name(name) == name


@given(st.integers(1, 10**6), st.integers(1, 10**9))
def test_whatever_unpacks_to_much_from_little_is_a_bomb(packed_size, unpacked):
    parts = [Entry(name, 1, 1) for name in DOCX] + [Entry("x", packed_size, unpacked)]
    fault = fault_of_contents("docx", parts, packed_size + 1000)
    if unpacked > 300 * 1024**2 or unpacked > max(1024**2, 100 * packed_size):
        assert fault is Fault.ARCHIVE
    elif unpacked < 1024**2 - 2:
        assert fault is None


# --- on the wire ----------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A body that never ends, and how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:
        self.taken += len(target)
        return len(target)


@pytest.fixture
def small_site() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024**2
    http.init_app(app)

    def take() -> dict[str, list[str]]:
        return {"names": [each.filename or "" for each in http.chosen("plan")]}

    def take_texts() -> dict[str, list[str]]:
        return take()

    app.post("/files", endpoint="files")(http.takes_files(take))
    app.post("/texts", endpoint="texts")(take_texts)
    return app


def test_only_views_that_take_files_take_large_requests(small_site):
    client = small_site.test_client()

    def post(address: str, size: int) -> int:
        body = {"plan": (io.BytesIO(bytes(size)), "plan.pdf")}
        return client.post(address, data=body, content_type="multipart/form-data").status_code

    assert (post("/files", 3 * 1024**2), post("/texts", 3 * 1024**2)) == (200, 413)
    empty = client.post("/files", data={"plan": (io.BytesIO(), "")})
    assert empty.json == {"names": []}


def test_200_megabytes_are_refused_unread(small_site):
    head = {"Content-Type": "multipart/form-data; boundary=x"}
    body = Endless()
    answer = small_site.test_client().post(
        "/files",
        headers=head,
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024**2)},
    )
    assert (answer.status_code, body.taken) == (413, 0)
    unsaid = Endless()
    answer = small_site.test_client().post(
        "/files",
        headers=head,
        input_stream=unsaid,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code in (400, 413)
    assert unsaid.taken <= LARGEST_REQUEST + 1024**2


def test_it_comes_back_as_an_attachment_only(app, session, person):
    file = keep_file(upload("样品\u201cX\u201d.pdf"), by=person, at=AT)
    with app.test_request_context():
        answer = http.send_stored(file)
    head = answer.headers
    assert head["Content-Disposition"].startswith("attachment; filename")
    assert "filename*=UTF-8''%E6%A0%B7%E5%93%81" in head["Content-Disposition"]
    assert (head["Content-Type"], head["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    policy = head["Content-Security-Policy"].split("; ")
    assert policy[0] == "sandbox"
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert head["Cache-Control"].startswith("private")
    with app.test_request_context(headers={"If-None-Match": head["ETag"]}):
        assert http.send_stored(file).status_code == 304
