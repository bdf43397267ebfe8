"""A provider of sign-in on this machine, and an installation that knows it."""

from __future__ import annotations

import pytest

from tests.support.provider import running

from .visits import ALICE


@pytest.fixture(scope="package")
def shared_provider():
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own check of its address
        with running() as provider:
            yield provider


@pytest.fixture
def provider(shared_provider):
    shared_provider.meddle = shared_provider.key = None
    shared_provider.asked.clear()
    shared_provider.knows("alice", **ALICE)
    return shared_provider


@pytest.fixture
def environ(environ, provider):
    return environ | provider.settings
