"""Our feeds as ical.js reads them under node: a reader in another language, with code of its own.

Installed by npm from the lock file beside read.js into build/, once for all processes; nothing of it is part of
the application.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

_SOURCE = Path(__file__).parent / "ical-js"
_BUILD = Path(__file__).parents[2] / "build"
_FILES = ("package.json", "package-lock.json", "read.js")

#: UID, start, end and STATUS of an occurrence.
Occurrence = tuple[str, datetime, datetime, str]


def occurrences(feed: bytes) -> set[Occurrence]:
    """What ical.js finds in a feed. Without node the test skips, or fails when REQUIRE_BROWSER=1."""
    read = subprocess.run(
        [_needed("node"), str(_installed() / "read.js")],
        input=feed, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert read.returncode == 0, read.stderr.decode()
    return {
        (it["uid"], datetime.fromisoformat(it["start"]), datetime.fromisoformat(it["end"]), it["status"])
        for it in json.loads(read.stdout)
    }  # fmt: skip


@cache
def _installed() -> Path:
    version = hashlib.sha256(b"".join((_SOURCE / name).read_bytes() for name in _FILES)).hexdigest()
    folder = _BUILD / f"ical-js-{version[:12]}"
    _BUILD.mkdir(exist_ok=True)
    with (_BUILD / "ical-js.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in _FILES:
        shutil.copy(_SOURCE / name, folder)
    command = [_needed("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    (folder / "done").touch()


def _needed(program: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    reason = f"no {program} found (Debian: apt-get install nodejs npm)"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
