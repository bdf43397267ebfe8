"""What a test's database may hold at the start; chosen by ``@pytest.mark.contents("demo")``."""

from __future__ import annotations


def load_nothing() -> None:
    """The schema alone."""


def load_demo() -> None:
    """The demonstration data, as `instrument-share demo` loads them."""
    from instrument_share.demo import load

    load()


CONTENTS = {"empty": load_nothing, "demo": load_demo}
