"""How long a session lasts, and what a device is called. Pure."""

from __future__ import annotations

from datetime import timedelta

#: A session ends so long after its last request, and at the latest so long after the sign-in.
IDLE, LONGEST = timedelta(days=14), timedelta(days=30)
#: When a session was last seen is written at most this often.
SEEN_EVERY = timedelta(minutes=5)

#: What a user agent says of itself, the telling words before those that others say, too.
_PROGRAMS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("MicroMessenger", "WeChat"), ("UCBrowser", "UC Browser"), ("YaBrowser", "Yandex Browser"),
    ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("curl", "curl"), ("python-requests", "python-requests"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"),
    ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> tuple[str, str]:
    """The browser and the system that a User-Agent header names, each "" where it names none we know."""
    return _first(_PROGRAMS, user_agent), _first(_SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for word, name in known if word in text), "")
