"""What is stored of a password, and what signs nobody in."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters

from instrument_share.identity import passwords
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
