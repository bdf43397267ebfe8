"""Days of a visit and the list of tasks, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from ...foundation.clock import zone
from ...foundation.interval import Interval
from ...foundation.localtime import days_between
from ..rules import State

#: How many may come on one booking, and how long before and after it they may stay.
MOST_VISITORS = 20
LONGEST_MARGIN = timedelta(days=60)
#: While a booking is in one of these its visit may still be changed.
CHANGEABLE = frozenset(
    {
        State.DRAFT,
        State.OFFERED,
        State.SUBMITTED,
        State.CHANGES_REQUESTED,
        State.CONFIRMED,
        State.IN_USE,
    }
)


class VisitorRole(StrEnum):
    """What somebody is at home."""

    PROFESSOR = "professor"
    RESEARCHER = "researcher"
    DOCTORAL_STUDENT = "doctoral_student"
    STUDENT = "student"
    ENGINEER = "engineer"
    OTHER = "other"


class Phase(StrEnum):
    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class DayFault(StrEnum):
    """Why the days of a visit do not fit its booking."""

    ORDER = "order"
    AFTER_START = "after_start"
    BEFORE_END = "before_end"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


def fault_of_days(arrives: date, departs: date, slot: Interval, time_zone: str) -> DayFault | None:
    """Whether the visitors are there during the booking, on the instrument's calendar, and not much longer."""
    days = days_between(slot.start, slot.end, zone(time_zone))
    if departs < arrives:
        return DayFault.ORDER
    if arrives > days[0]:
        return DayFault.AFTER_START
    if departs < days[-1]:
        return DayFault.BEFORE_END
    if days[0] - arrives > LONGEST_MARGIN:
        return DayFault.TOO_EARLY
    return DayFault.TOO_LATE if departs - days[-1] > LONGEST_MARGIN else None


def initials_of(latin_name: str) -> str:
    """`Aigerim Nurlanovna Bek` as `A. N. B.`"""
    return " ".join(f"{word[0].upper()}." for word in latin_name.split() if word[0].isalpha())


#: The tasks of a facility that has written none of its own.
SHIPPED_TASKS: Mapping[Phase, Sequence[Mapping[str, str]]] = MappingProxyType(
    {
        Phase.ARRIVAL: (
            {
                "en": "Access to the building is arranged and the visitors know whom to ask for",
                "zh-Hans": "已办理入楼手续，来访者知道到达后联系谁",
                "ar": "رُتِّب دخول المبنى ويعرف الزائرون من يسألون عنه",
            },
            {
                "en": "Accommodation is settled",
                "zh-Hans": "住宿已落实",
                "ar": "حُسم أمر السكن",
            },
            {
                "en": "Safety briefing is given",
                "zh-Hans": "已完成安全培训",
                "ar": "قُدِّم شرح السلامة",
            },
            {
                "en": "Guest account for the network and the instrument is open",
                "zh-Hans": "网络和仪器的访客账号已开通",
                "ar": "فُتح حساب ضيف للشبكة والجهاز",
            },
        ),
        Phase.DEPARTURE: (
            {
                "en": "Data are handed over",
                "zh-Hans": "数据已移交",
                "ar": "سُلِّمت البيانات",
            },
            {
                "en": "Samples and materials are taken back or disposed of",
                "zh-Hans": "样品和材料已取回或处置",
                "ar": "أُعيدت العينات والمواد أو جرى التخلص منها",
            },
            {
                "en": "Keys and badges are returned, accounts are closed",
                "zh-Hans": "钥匙和证件已归还，账号已关闭",
                "ar": "أُعيدت المفاتيح والشارات وأُغلقت الحسابات",
            },
        ),
    }
)
