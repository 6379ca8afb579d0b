"""The API of diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from aftersales.cases.models import Case
from aftersales.diagnosis import queries
from aftersales.diagnosis.api.serializers import DiagnosisOut
from assurance.web.api import Door

if TYPE_CHECKING:
    from assurance.accounts.types import SignedInRequest


class DiagnosisViews(Door):
    """The ranked causes of a case, by the case's id."""

    queryset = Case.objects.none()
    serializer_class = DiagnosisOut

    @extend_schema(responses=DiagnosisOut)
    def retrieve(self, request: SignedInRequest, pk: str) -> Response:
        """What the records say now, the likeliest first."""
        case = self.get_object()
        return self.shown({"case": case.pk, "causes": queries.diagnose(case, at=timezone.now())})
