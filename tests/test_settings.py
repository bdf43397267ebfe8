"""A wrong setting stops the start with one sentence that names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from instrument_share import create_app
from instrument_share.oidc_settings import placeholder_of
from instrument_share.settings import DESCRIBED, Settings, SettingsError

RIGHT = {"INSTRUMENT_SHARE_SECRET_KEY": "k" * 64}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("BASE_URL", "share.example.edu"),
        ("BASE_URL", "https://example.edu/share"),
        ("PROXIES", "one"),
        ("DATABASE_URL", "mysql://localhost/share"),
        ("MAIL_URL", "https://mail.example.edu"),
        ("MAIL_FROM", "Instruments <instruments@example.edu>"),
        ("MAIL_FROM", "instruments"),
        ("OUTSIDE_ADDRESSES", "10.20"),
        ("REDIS_URL", "localhost:6379"),
        ("DEFAULT_LOCALE", "tlh"),
        ("LOG_FORMAT", "xml"),
        ("RATE_LIMITS", "some"),
        ("DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(SettingsError, match=f"^INSTRUMENT_SHARE_{name} must .+\\.$"):
        Settings.from_environment(RIGHT | {f"INSTRUMENT_SHARE_{name}": value})


def test_the_template_has_settings_alone():
    template = (Path(__file__).parent.parent / ".env.example").read_text()
    named = re.findall(r"^#?INSTRUMENT_SHARE_(\w+)=", template, re.MULTILINE)
    assert [name for name in named if placeholder_of(name) not in DESCRIBED] == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    settings = Settings.from_environment(
        RIGHT | {"INSTRUMENT_SHARE_INSTANCE_DIR": str(tmp_path / "file" / "instance")}
    )
    with pytest.raises(SettingsError, match=r"INSTANCE_DIR: the folder .* cannot be made"):
        create_app(settings)
