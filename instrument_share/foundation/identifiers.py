"""Public identifiers: ROR, ORCID, our own references and secrets.

idutils takes a quarter of a second to import: it is loaded when an identifier is first checked.
"""

from __future__ import annotations

import hashlib
import re
import secrets

_ROR = re.compile(
    r"(https?://)?(ror\.org/)?0(?P<number>[0-9a-hj-km-np-tv-z]{6})(?P<check>[0-9]{2})"
)
_DOI = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*/[^\s<>\"{}\x00-\x1f]{1,180}")
#: Letters that survive being read aloud (Crockford base 32): no I, L, O, U.
READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def normalize_orcid(text: str) -> str | None:
    """The bare `0000-0002-1825-0097` form, or None where the ISO 7064 mod 11-2 check digit is wrong."""
    import idutils

    return idutils.normalize_orcid(text.strip()) if idutils.is_orcid(text.strip()) else None


def normalize_ror(text: str) -> str | None:
    """The full `https://ror.org/03cve4549` form, or None where the ISO 7064 mod 97-10 check digits are wrong."""
    found = _ROR.fullmatch(text.strip().lower())
    if found is None or not _has_right_check_digits(found["number"], found["check"]):
        return None
    return f"https://ror.org/0{found['number']}{found['check']}"


def _has_right_check_digits(number: str, check: str) -> bool:
    """ROR numbers are Crockford base 32; the two decimal digits make the whole ≡ 1 (mod 97)."""
    value = 0
    for letter in number:
        value = value * 32 + READABLE.index(letter.upper())
    return (value * 100 + int(check)) % 97 == 1


def normalize_doi(text: str) -> str | None:
    """The bare DOI in lower case (it is not case-sensitive, ISO 26324), or None where the text is none."""
    import idutils

    text = text.strip()
    if not idutils.is_doi(text):
        return None
    doi = str(idutils.normalize_doi(text)).lower()
    return doi if _DOI.fullmatch(doi) else None


def new_reference(prefix: str, length: int = 8) -> str:
    """An unguessable reference that survives being read aloud: 40 random bits in eight letters."""
    return f"{prefix}-{random_letters(length)}"


def random_letters(count: int) -> str:
    """So many random readable letters, five bits each."""
    return "".join(secrets.choice(READABLE) for _ in range(count))


def new_secret() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a random secret: its SHA-256 (fast is fine, the secret itself has 256 bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()
