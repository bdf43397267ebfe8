"""The wheel, in an environment that holds nothing else, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from functools import partial
from pathlib import Path

import pytest

from instrument_share.foundation.languages import DEFAULT, LANGUAGES

from .support import alone
from .support.databases import environment
from .support.server import ALONE, serve
from .support.starting import executed

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with the wheel and what it depends on."""
    return alone.installed(wheel, tmp_path_factory.mktemp("environment"))


def test_the_wheel_is_complete(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    catalogues = {
        f"instrument_share/translations/{language.locale}/LC_MESSAGES/messages.mo"
        for language in LANGUAGES
        if language != DEFAULT
    }
    files = {
        "instrument_share/migrations/env.py",
        "instrument_share/migrations/versions/0001_tables.py",
        "instrument_share/templates/layout.html",
        "instrument_share/fonts/NotoSansArabic-Regular.ttf",
        "instrument_share/demo/content/facilities-a.yaml",
        "instrument_share/identity/applications/known.yaml",
    }
    assert names >= catalogues | files
    assert any(name.startswith("instrument_share/static/css/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_it_serves_a_translated_page(installed, tmp_path):
    environ = environment(f"sqlite:///{tmp_path / 'site.sqlite'}", tmp_path / "instance")
    environ["PYTHONPATH"] = ""  # a developer's may lead to the checkout
    command = str(installed / "instrument-share")
    subprocess.run([command, "db", "upgrade"], check=True, cwd=tmp_path, env=os.environ | environ)
    start = partial(executed, command=(command,), cwd=tmp_path)
    with serve(environ, tmp_path, workers=1, options=ALONE, start=start) as server:
        request = urllib.request.Request(server.url, headers={"Accept-Language": "ar"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            page = answer.read().decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "الأجهزة" in page or "أجهزة" in page
