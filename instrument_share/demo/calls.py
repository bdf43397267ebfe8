"""Calls for proposals of the demonstration: two decided, one in review, one open. None of them exists in reality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ..access.calls.deciding.services import plan, publish
from ..access.calls.models import Call
from ..access.calls.proposing.services import write_proposal
from ..access.calls.reviewing.services import appoint, declare, hand_in, keep_unfinished
from ..access.calls.rules import Timetable
from ..access.calls.services import announce, write_call
from ..access.calls.standard import CRITERIA
from ..access.calls.values import CallDraft, Grant, ProposalDraft, ReviewDraft
from ..access.rules import ProjectKind
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..foundation.localized import LocalizedText
from ..foundation.localtime import boundary_of
from ..identity.models import Person
from .people import People

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Round:
    """A call: its instruments, the hours that their facilities give (in the order of the instruments), and the days
    from now on which it opens, closes and is reviewed.
    """

    instruments: tuple[str, ...]
    hours: tuple[int, ...]
    days: tuple[int, int, int]
    titles: LocalizedText
    descriptions: LocalizedText


@dataclass(frozen=True)
class _Idea:
    """A proposal: who leads it, with whom, hours at the first instrument and at others, scores by reviewer, and the hours
    it gets at each facility where that is decided, in the order of the call's.
    """

    lead: str
    with_whom: tuple[str, ...]
    field: str
    hours: int
    title: str
    abstract: str
    scores: dict[str, int]
    granted: tuple[int, ...] = (0,)
    answer: str = ""
    elsewhere: tuple[tuple[str, int], ...] = ()


_LIGHT = ("ustc-hls-arpes", "ustc-hls-photoemission", "ustc-hls-combustion")
_DECIDED = _Round(
    _LIGHT, (400,), (-110, -75, -45),
    {
        "en": "Hefei Light Source: beamtime for joint research with partner countries",
        "zh-Hans": "合肥光源：面向合作国家联合研究的机时",
        "ar": "مصدر هيفي الضوئي: وقت للأبحاث المشتركة مع البلدان الشريكة",
    },
    {
        "en": "Beamtime for experiments that two institutions or more carry out together.\n\nFirst users are welcome: "
        "beamline staff help to plan the measurement.",
        "zh-Hans": "面向两家及以上单位共同开展的实验提供机时。\n\n欢迎首次使用者，机组人员将协助制订实验方案。",
        "ar": "وقت لتجارب تجريها مؤسستان أو أكثر معًا.\n\nنرحب بالمستخدمين الجدد: يساعد العاملون في التخطيط للقياس.",
    },
)  # fmt: skip
_QUANTUM = ("hust-whmfc-electrical-transport", "hust-whmfc-magnetization", _LIGHT[0])
_DECIDED_TOGETHER = _Round(
    _QUANTUM, (200, 100), (-200, -165, -140),
    {
        "en": "Quantum materials: first call of the joint programme",
        "zh-Hans": "量子材料：联合计划首轮课题征集",
        "ar": "المواد الكمومية: الدعوة الأولى للبرنامج المشترك",
    },
    {
        "en": "Pulsed-field time and beamtime in one proposal: each facility gives its own hours to the same project.",
        "zh-Hans": "一份申请可同时申请脉冲强磁场机时和同步辐射机时，两个设施分别为同一项目提供机时。",
        "ar": "وقت للمجالات النبضية ووقت للحزمة في مقترح واحد: يمنح كل مرفق ساعاته للمشروع نفسه.",
    },
)  # fmt: skip
_REVIEWED = _Round(
    _QUANTUM, (240, 120), (-40, -6, 12),
    {
        "en": "Quantum materials: call of the joint programme",
        "zh-Hans": "量子材料：联合计划课题征集",
        "ar": "المواد الكمومية: دعوة البرنامج المشترك",
    },
    {
        "en": "Pulsed-field time and beamtime in one proposal, for quantum materials, superconductors and magnets.\n\n"
        "Ask for time at both facilities, or at the one that your question needs.",
        "zh-Hans": "面向量子材料、超导与磁性材料研究，一份申请即可同时申请脉冲强磁场机时和同步辐射机时。\n\n"
        "可同时申请两个设施，也可只申请所需的一个。",
        "ar": "وقت للمجالات النبضية ووقت للحزمة في مقترح واحد، لدراسة المواد الكمومية والموصلات الفائقة والمغناطيسات.\n\n"
        "اطلب وقتًا في المرفقين معًا، أو في المرفق الذي يحتاج إليه سؤالك.",
    },
)  # fmt: skip
_OPEN = _Round(
    _LIGHT, (600,), (-10, 24, 60),
    {
        "en": "Hefei Light Source: spring call",
        "zh-Hans": "合肥光源：春季课题征集",
        "ar": "مصدر هيفي الضوئي: دعوة الربيع",
    },
    {
        "en": "Beamtime of the coming half-year. Say why the question needs synchrotron light, and what you measured before.\n\n"
        "Proposals of several institutions together come first where two are equally good.",
        "zh-Hans": "征集下一个半年的机时。请说明为何需要同步辐射，以及前期测量结果。\n\n水平相当时，优先考虑多单位联合申请。",
        "ar": "وقت نصف السنة المقبل. بيّن لماذا يحتاج السؤال إلى ضوء السنكروترون وما قسته سابقًا.\n\n"
        "تُقدَّم المقترحات المشتركة بين عدة مؤسسات عند التساوي في الجودة.",
    },
)  # fmt: skip

_IDEAS = (
    _Idea(
        "kaznu", ("belgrade",), "new_materials", 160, "Oxygen vacancies in perovskite films for dry air",
        "How do oxygen vacancies form in perovskite films that work in dry air? We compare films grown in Almaty with "
        "references grown in Belgrade, before and after heating.\n\nBoth groups have measured them with laboratory sources.",
        {"usp": 5, "chula": 4}, (140,), "Please plan the heating stage with the beamline staff before you come.",
    ),
    _Idea(
        "cairo", ("ksu",), "energy", 120, "Early products of biofuel combustion",
        "Which intermediates appear first when blends of biofuels burn? Photoionisation tells isomers apart that "
        "a laboratory instrument cannot.",
        {"usp": 4, "chula": 4}, (120,), "",
    ),
    _Idea(
        "nsu", (), "new_materials", 200, "Band structure of layered tellurides",
        "We want to map the bands of new layered tellurides.",
        {"usp": 2, "chula": 3}, (0,),
        "The panel found the question timely. Show laboratory data of the crystals, and propose it again.",
    ),
)  # fmt: skip
_TOGETHER = (
    _Idea(
        "kaznu", ("cairo",), "new_materials", 80, "Fermi surface of a layered superconductor, by two methods",
        "Quantum oscillations in pulsed fields and photoemission see the same surface from two sides. Only together do "
        "they tell its shape and its warping.", {"chula": 5, "usp": 4}, (72, 40),
        "Both panels agreed. Begin with the pulsed fields: the beamline will plan its energies by their result.",
        ((_LIGHT[0], 48),),
    ),
    _Idea(
        "nsu", ("ksu",), "new_materials", 120, "Magnetisation plateaus and the bands behind them",
        "Where does the plateau of a triangular magnet end, and which bands carry it?",
        {"chula": 4, "usp": 3}, (60, 0),
        "The pulsed fields answer the first question. Come back for beamtime with that result.",
        ((_LIGHT[0], 36),),
    ),
)  # fmt: skip
_WAITING = (
    _Idea(
        "belgrade", ("qau",), "new_materials", 90, "Quantum oscillations in a candidate spin liquid",
        "We look for oscillations above 40 tesla that would tell two models of the ground state apart.",
        {"chula": 5}, elsewhere=((_LIGHT[0], 48),),
    ),
    _Idea(
        "aau", (), "energy", 60, "Upper critical field of doped iron pnictides",
        "Transport up to 50 tesla on crystals that we have characterised at 9 tesla.", {"chula": 3},
    ),
)  # fmt: skip


def write_calls(instruments: dict[str, Instrument], people: People, at: datetime) -> None:
    """The decided calls have begun projects, one of them with time at two facilities; the manager has reviews to hand
    in; the researcher keeps a draft.
    """
    known = people.applicants | {"kaznu": people.researcher}
    _decide(_DECIDED_TOGETHER, _TOGETHER, instruments, known, people, at)
    _decide(_DECIDED, _IDEAS, instruments, known, people, at)
    reviewed = _call(_REVIEWED, instruments, people, at)
    waiting = _propose(reviewed, _WAITING, known)
    _appoint(reviewed, [known["chula"], people.manager, known["usp"]], people)
    _review(reviewed, waiting, known)
    first = next(iter(waiting))
    _begin_a_review(reviewed, first, people.manager)
    words = "I wrote a paper with the lead last year."
    declare(first, words, by=known["usp"], at=reviewed.closes_at + _DAY)
    still_open = _call(_OPEN, instruments, people, at)
    draft = ProposalDraft(
        "Ageing of perovskite films in dry air", "", "new_materials", {_LIGHT[0]: 80 * 60}
    )
    write_proposal(
        still_open.reference, draft, submit=False, by=people.researcher, at=at - 2 * _DAY
    )


def _decide(
    asked: _Round,
    ideas: tuple[_Idea, ...],
    instruments: dict[str, Instrument],
    known: dict[str, Person],
    people: People,
    at: datetime,
) -> None:
    """A call from its announcement to the answers, two days after the reviews."""
    call = _call(asked, instruments, people, at)
    references = _propose(call, ideas, known)
    _appoint(call, [known["usp"], known["chula"]], people)
    _review(call, references, known)
    facilities = dict.fromkeys(instruments[slug].facility.slug for slug in asked.instruments)
    grants = {
        key: Grant(
            {slug: hours * 60 for slug, hours in zip(facilities, it.granted, strict=True)},
            it.answer,
        )
        for key, it in references.items()
    }
    when = call.review_until + 2 * _DAY
    plan(call.reference, grants, by=people.programme, at=when)
    publish(call.reference, by=people.programme, at=when)


def _call(it: _Round, instruments: dict[str, Instrument], people: People, at: datetime) -> Call:
    """The call, announced two weeks before it opens; its time begins a month after the reviews, for half a year."""
    facilities = list(dict.fromkeys(instruments[slug].facility for slug in it.instruments))
    where = zone(facilities[0].time_zone)
    today = at.astimezone(where).date()
    hours = (time(9), time(17), time(17))
    times = Timetable(
        *(
            boundary_of(today + day * _DAY, hour, where)
            for day, hour in zip(it.days, hours, strict=True)
        )
    )
    first = today + (it.days[2] + 30) * _DAY
    draft = CallDraft(
        titles=it.titles,
        descriptions=it.descriptions,
        offers={each.slug: hours * 60 for each, hours in zip(facilities, it.hours, strict=True)},
        instruments=it.instruments,
        times=times,
        starts_on=first,
        ends_on=first + 182 * _DAY,
        criteria=CRITERIA,
        project_kind=ProjectKind.BIG_SCIENCE_PROGRAMME,
    )
    before = times.opens_at - 14 * _DAY
    call = write_call(draft, by=people.programme, at=before)
    return announce(call.reference, by=people.programme, at=before)


def _propose(call: Call, ideas: tuple[_Idea, ...], known: dict[str, Person]) -> dict[str, _Idea]:
    """The ideas by the reference of their proposal, handed in during the last week."""
    slug = next(it.slug for it in call.instruments if it.facility_id == call.facility_id)
    found = {}
    for number, it in enumerate(ideas):
        emails = tuple(known[key].email for key in it.with_whom)
        hours = {slug: it.hours, **dict(it.elsewhere)}
        wishes = {key: number * 60 for key, number in hours.items()}
        draft = ProposalDraft(it.title, it.abstract, it.field, wishes, emails)
        when = call.closes_at - (len(ideas) - number) * _DAY
        proposal = write_proposal(call.reference, draft, submit=True, by=known[it.lead], at=when)
        found[proposal.reference] = it
    return found


def _appoint(call: Call, reviewers: list[Person], people: People) -> None:
    for person in reviewers:
        appoint(call.reference, person.email, by=people.programme, at=call.opens_at)


def _review(call: Call, references: dict[str, _Idea], known: dict[str, Person]) -> None:
    """Each reviewer gives about the same score for every criterion, the first one more to merit."""
    criteria = [each.id for each in call.criteria]
    for number, (reference, it) in enumerate(references.items()):
        for key, score in it.scores.items():
            scores = dict.fromkeys(criteria, score) | {criteria[0]: min(5, score + 1)}
            draft = ReviewDraft(
                scores, _TO_PANEL[score], _TO_APPLICANT[score], it.hours // 4 * 3 * 60
            )
            when = call.closes_at + (number + 2) * timedelta(hours=20)
            hand_in(reference, draft, by=known[key], at=when)


def _begin_a_review(call: Call, reference: str, reviewer: Person) -> None:
    """A draft with a score still to be chosen."""
    scores = {each.id: 4 for each in call.criteria[:-1]}
    draft = ReviewDraft(scores, "", "Say how the two facilities' data will be read together.")
    keep_unfinished(reference, draft, by=reviewer, at=call.closes_at + _DAY)


_TO_PANEL = {
    2: "Too early.", 3: "Sound, not urgent.", 4: "Worth its time.", 5: "I would fund this first.",
}  # fmt: skip
_TO_APPLICANT = {
    2: "Say which result would decide the question, and show what the crystals are like.",
    3: "A sound plan. Tell more about how the samples are handled.",
    4: "A clear question and a team that can answer it.",
    5: "An excellent plan with good controls.",
}
