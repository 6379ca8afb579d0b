"""Keep what the records said when a decision was proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from aftersales.cases.models import CaseDecision
from aftersales.diagnosis.models import Diagnosis
from aftersales.diagnosis.queries import facts_of
from aftersales.diagnosis.ranking import VERSION, rank

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@transaction.atomic
def keep_diagnoses(decision_ids: Sequence[int], *, at: datetime) -> list[Diagnosis]:
    """Keep the ranked causes of these decisions' cases, once each. A constant number of queries."""
    decisions = list(CaseDecision.objects.filter(pk__in=decision_ids, diagnosis=None).select_related("case").order_by("pk"))
    found = [rank(facts) for facts in facts_of([one.case for one in decisions], at=at)]
    return Diagnosis.objects.bulk_create(
        [
            Diagnosis(
                case_id=decision.case_id,
                merchant_id=decision.merchant_id,
                decision=decision,
                version=VERSION,
                causes=[cause.as_dict() for cause in causes],
                first=causes[0].liable,
                made_at=at,
            )
            for decision, causes in zip(decisions, found, strict=True)
        ],
        ignore_conflicts=True,
    )
