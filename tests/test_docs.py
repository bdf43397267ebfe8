"""The documentation keeps up with the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from instrument_share.files.rules import LARGEST_FILE, MEDIA_TYPES, MOST_IN_A_DAY
from tests.support.marks import sqlite_only

ROOT = Path(__file__).parent.parent
#: A link to a page of ours, to a heading of one, or to a heading of the same page.
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#]*)#?([^)]*)\)")
#: What a page calls a file of ours, by its whole path or its end: `booking/rules.py`.
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:css|html|js|py|toml|typ))`")
#: A call of the API as pages write it: `GET /api/v1/calls/{reference}?state=open`.
CALL = re.compile(r"(GET|POST|PUT|DELETE) (/api/v1/[\w/<>{}|-]*[\w>}])")


def test_the_generated_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, "docs/generate", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_link_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}#{anchor}"
        for page in pages()
        for target, anchor in LINK.findall(page.read_text())
        if not leads_somewhere(page.parent / target if target else page, anchor)
    ]
    assert broken == []


def leads_somewhere(page: Path, anchor: str) -> bool:
    """Whether the page is there, and a heading of it by which GitHub makes that anchor."""
    if not (page.exists() and anchor):
        return page.exists()
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_page_is_led_to():
    linked = {
        (page.parent / target).resolve()
        for page in pages()
        for target, _ in LINK.findall(page.read_text())
        if target
    }
    assert [page.name for page in (ROOT / "docs").rglob("*.md") if page not in linked] == []


def test_every_file_that_is_named_is_there():
    folders = ("instrument_share", "tests", "benchmarks", "docs", "migrations", "static")
    files = [path.as_posix() for name in folders for path in (ROOT / name).rglob("*.*")]
    files += [path.as_posix() for path in ROOT.glob("*.*")]
    gone = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in pages()
        if page.name != "CHANGELOG.md"
        for name in set(FILE.findall(page.read_text()))
        if not any(file.endswith(f"/{name}") for file in files)
    ]
    assert gone == []


@sqlite_only
def test_every_call_of_the_api_that_is_named_is_there(app):
    calls = [
        (method, re.compile(re.sub(r"<[^>]+>", "[^/]+", rule.rule)))
        for rule in app.url_map.iter_rules()
        for method in rule.methods
    ]
    gone = [
        f"{page.relative_to(ROOT)}: {method} {address}"
        for page in pages()
        for method, address in CALL.findall(page.read_text())
        if not any(method == each and rule.fullmatch(address) for each, rule in calls)
    ]
    assert gone == []


def test_the_files_that_are_taken_are_written_down():
    taken = (ROOT / "docs/explanation/uploads.md").read_text().split("## What is taken")[1]
    names = {
        ending.upper().replace("JPG", "JPEG").replace("WEBP", "WebP") for ending in MEDIA_TYPES
    }
    assert [name for name in names if not re.search(rf"\b{name}\b", taken)] == []
    for size in (LARGEST_FILE, MOST_IN_A_DAY):
        assert f"{size // 1024**2} MB" in taken


def pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").glob("*.md")]
