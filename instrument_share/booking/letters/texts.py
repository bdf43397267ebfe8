"""What a letter of invitation says, in each language that it can be written in.

These are no texts of the site: a letter speaks languages that the site does not, and never changes with them.
`{…}` are filled from the letter's snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..visits.rules import VisitorRole


@dataclass(frozen=True, slots=True)
class LetterText:
    """All texts of a letter in one language; `roles` by visits.rules.VisitorRole."""

    direction: str
    locale: str  # Babel's
    comma: str
    title: str
    number: str
    issued_on: str
    addressee: str
    invitation: str
    work: str
    time: str
    agreement: str
    limits: str
    contact: str
    columns: tuple[str, str, str, str]
    roles: Mapping[str, str]
    issuer: str
    signature: str
    seal: str
    check: str


_ROLES = tuple(VisitorRole)


def _roles(*words: str) -> Mapping[str, str]:
    return dict(zip(_ROLES, words, strict=True))


TEXTS: Mapping[str, LetterText] = {
    "en": LetterText(
        direction="ltr",
        locale="en",
        comma=", ",
        title="Letter of invitation",
        number="No.",
        issued_on="Issued on",
        addressee="To whom it may concern",
        invitation="{host} invites the persons named below to visit {facility} from {arrives} to {departs}.",
        work="The purpose of the visit is scientific work with the instrument “{instrument}”.",
        time="Instrument time is confirmed under booking {reference}: {slot} (local time, {zone}).",
        agreement="The visit takes place under the agreement “{agreement}”.",
        limits=(
            "This letter confirms the invitation and the dates. It is not a visa and promises no payment of travel, "
            "accommodation or insurance."
        ),
        contact="We would be grateful for any assistance given to the visitors with their entry formalities.",
        columns=("Name", "Nationality", "Home institution", "Position"),
        roles=_roles(
            "professor", "researcher", "doctoral student", "student", "engineer", "other staff"
        ),
        issuer="International office of {host}",
        signature="Signature",
        seal="Seal of the institution",
        check="Check this letter with the code below:",
    ),
    "zh-Hans": LetterText(
        direction="ltr",
        locale="zh_Hans",
        comma="，",
        title="邀请函",
        number="编号",
        issued_on="签发日期",
        addressee="致有关部门：",
        invitation="{host}兹邀请下列人员于{arrives}至{departs}来访{facility}。",
        work="来访目的：使用“{instrument}”开展科学研究工作。",
        time="仪器机时已确认，预约编号 {reference}：{slot}（当地时间，{zone}）。",
        agreement="本次来访依据协议“{agreement}”进行。",
        limits="本函仅确认邀请及来访日期，不代替签证，亦不承诺承担旅费、住宿或保险费用。",
        contact="烦请贵部门为来访人员办理入境手续提供便利，谨致谢意。",
        columns=("姓名", "国籍", "所在单位", "身份"),
        roles=_roles("教授", "研究人员", "博士研究生", "学生", "工程师", "其他人员"),
        issuer="{host}国际合作与交流部门",
        signature="签字",
        seal="（单位公章）",
        check="可凭下列验证码核验本函：",
    ),
    "ar": LetterText(
        direction="rtl",
        locale="ar",
        comma="، ",
        title="رسالة دعوة",
        number="رقم",
        issued_on="تاريخ الإصدار",
        addressee="إلى من يهمه الأمر",
        invitation="تدعو {host} الأشخاص المذكورين أدناه إلى زيارة {facility} من {arrives} إلى {departs}.",
        work="الغرض من الزيارة عمل علمي على الجهاز «{instrument}».",
        time="وقت الجهاز مؤكَّد بموجب الحجز {reference}: {slot} (بالتوقيت المحلي، {zone}).",
        agreement="تجري الزيارة بموجب الاتفاقية «{agreement}».",
        limits=(
            "تؤكد هذه الرسالة الدعوة ومواعيدها فقط، وليست تأشيرة، ولا تتضمن أي التزام بتحمل نفقات السفر أو الإقامة "
            "أو التأمين."
        ),
        contact="ونكون شاكرين لكم ما تقدمونه للزائرين من مساعدة في إجراءات الدخول.",
        columns=("الاسم", "الجنسية", "المؤسسة", "الصفة"),
        roles=_roles("أستاذ جامعي", "باحث", "طالب دكتوراه", "طالب", "مهندس", "عامل آخر"),
        issuer="مكتب العلاقات الدولية، {host}",
        signature="التوقيع",
        seal="ختم المؤسسة",
        check="يمكن التحقق من هذه الرسالة بالرمز أدناه:",
    ),
    "ru": LetterText(
        direction="ltr",
        locale="ru",
        comma=", ",
        title="Приглашение",
        number="№",
        issued_on="Дата выдачи",
        addressee="По месту требования",
        invitation="В период с {arrives} по {departs} {host} приглашает указанных ниже лиц посетить {facility}.",
        work="Цель визита — научная работа на приборе «{instrument}».",
        time="Время работы на приборе подтверждено, номер бронирования {reference}: {slot} (местное время, {zone}).",
        agreement="Визит проводится в рамках соглашения «{agreement}».",
        limits=(
            "Настоящее письмо подтверждает приглашение и сроки визита. Оно не заменяет визу и не содержит "
            "обязательств по оплате проезда, проживания или страхования."
        ),
        contact="Просим оказать содействие приглашённым лицам при оформлении въезда.",
        columns=("Имя", "Гражданство", "Организация", "Статус"),
        roles=_roles(
            "профессор", "научный сотрудник", "аспирант", "студент", "инженер", "иной сотрудник"
        ),
        issuer="Международный отдел, {host}",
        signature="Подпись",
        seal="М. П.",
        check="Подлинность письма можно проверить по коду:",
    ),
}
