"""What is stored of a password, and what signs nobody in."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from instrument_share.identity import passwords
from instrument_share.identity.common_passwords import is_about, is_common
from instrument_share.identity.passwords import NOBODY, hash_password, password_fits


def test_a_hash_costs_what_the_library_recommends(monkeypatch):
    recommended = PasswordHasher()
    monkeypatch.setattr(passwords, "_hasher", recommended)
    for stored in (hash_password("a long enough password"), NOBODY):
        assert stored.startswith("$argon2id$")
        assert not recommended.check_needs_rehash(stored)
        assert extract_parameters(stored).memory_cost >= 19 * 1024  # OWASP's least


def test_only_its_own_password_fits():
    stored = hash_password("a long enough password")
    assert password_fits(stored, "a long enough password")
    assert not password_fits(stored, "another long password")


def test_without_a_stored_password_nothing_fits(monkeypatch):
    monkeypatch.setattr(passwords, "NOBODY", hash_password("whatever is tried"))
    for stored in (None, "", "none"):
        assert not password_fits(stored, "whatever is tried")


@pytest.mark.parametrize(
    "password",
    [
        "123456789987654321", "Password1234!", "passwordpassword", "aaaaaaaaaaaa", "abcdefghijkl",
        "q1w2e3r4t5y6", "ＱＷＥＲＴＹ123456", "!!!justinbieber2024", "1234123412341234",
    ],
)  # fmt: skip
def test_what_many_use_is_common_with_whatever_is_put_around_it(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "أنا أحب المجهر كثيرا",
        "显微镜在三楼的右边房间里面呢",
        "x9#Lq2!vTz0p",
    ],
)
def test_a_few_words_of_ones_own_are_not(password):
    assert not is_common(password)


def test_ones_own_name_and_address_are_no_password():
    own = ("amina.bek@kaznu.example", "Amina Bekova")
    for password in ("amina.bek@kaznu.example", "AminaBekova2024", "amina bekova", "Amina.Bek!!1"):
        assert is_about(password, own), password
    assert not is_about("Amina likes electrons", own)
