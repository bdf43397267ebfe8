"""What proposals are usually judged by: a new call begins with these criteria, and may change every one."""

from __future__ import annotations

from .values import CriterionDraft

CRITERIA = (
    CriterionDraft(
        {"en": "Scientific merit", "zh-Hans": "科学价值", "ar": "القيمة العلمية"},
        40,
    ),
    CriterionDraft(
        {
            "en": "Need for this facility",
            "zh-Hans": "对本设施的需求",
            "ar": "الحاجة إلى هذا المرفق",
        },
        20,
    ),
    CriterionDraft(
        {
            "en": "Feasibility and experience of the team",
            "zh-Hans": "可行性与团队经验",
            "ar": "قابلية التنفيذ وخبرة الفريق",
        },
        20,
    ),
    CriterionDraft(
        {
            "en": "Gain for cooperation between the institutions",
            "zh-Hans": "对机构间合作的促进",
            "ar": "الفائدة للتعاون بين المؤسسات",
        },
        20,
    ),
)
