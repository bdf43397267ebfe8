"""The languages we ship: BCP 47 tags outside, gettext locale names inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError, negotiate_locale


@dataclass(frozen=True, slots=True)
class Language:
    """A shipped language: its BCP 47 `tag`, its own `name` and writing `direction` (ltr or rtl)."""

    tag: str
    name: str
    direction: str = "ltr"

    @property
    def locale(self) -> str:
        """The name of its catalogue folder and Babel locale (`zh-Hans` is `zh_Hans`)."""
        return self.tag.replace("-", "_")

    @property
    def formats(self) -> Locale:
        """Its formats by CLDR: one object, by which what was made of a value in a language is found again quickly."""
        return _formats(self.locale)


@lru_cache(maxsize=16)
def _formats(name: str) -> Locale:
    return Locale.parse(name)


LANGUAGES = (
    Language("en", "English"),
    Language("zh-Hans", "简体中文"),
    Language("ar", "العربية", "rtl"),
)
DEFAULT = LANGUAGES[0]
_BY_TAG = {language.tag.lower(): language for language in LANGUAGES}
_ALIASES = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-hans-cn": "zh-hans"}


def language_of(tag: str | None) -> Language | None:
    """The shipped language for a tag as people and browsers write it (`zh_CN`, `ar-EG`, `EN`), if any."""
    if not tag:
        return None
    wanted = tag.strip().replace("_", "-").lower()
    wanted = _ALIASES.get(wanted, wanted)
    return _BY_TAG.get(wanted) or _BY_TAG.get(wanted.split("-")[0])


def best_of(tags: Iterable[str], default: Language = DEFAULT) -> Language:
    """The first shipped language among `tags`, which come in order of preference."""
    return next((found for found in map(language_of, tags) if found), default)


def native_name(tag: str) -> str:
    """A language's name in itself, for tags beyond the shipped ones too."""
    known = negotiate_locale([tag], [tag], sep="-") or tag
    try:
        return Locale.parse(known, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
