"""The rate limiter that faces put on what can be guessed or worn out."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, strategy="moving-window")

#: Guessing a password, per address.
SIGN_IN = "30 per minute; 300 per hour"
#: Checking codes of letters, per address.
CODES = "60 per minute; 600 per hour"
#: Guessing a secret address or hammering the search, per address.
PUBLIC = "600 per minute"
#: Signed-in calls that write, per person; never slows below 50 a second.
WRITING = "6000 per minute"
