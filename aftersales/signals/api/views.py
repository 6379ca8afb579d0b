"""The API of the rules that open cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from aftersales.signals import actions, queries
from aftersales.signals.api.serializers import RuleOut, SwitchIn
from aftersales.signals.models import SignalSwitch
from assurance.web.api import Door

if TYPE_CHECKING:
    from aftersales.signals.queries import RuleRow
    from assurance.accounts.types import SignedInRequest


class RuleViews(Door):
    """The rules and how often each was right."""

    queryset = SignalSwitch.objects.none()
    serializer_class = RuleOut
    pagination_class = None
    lookup_field = "rule"
    lookup_value_regex = "[a-z_]{1,32}"
    inputs: ClassVar = {"switch": SwitchIn}

    @extend_schema(responses=RuleOut(many=True))
    def list(self, request: SignedInRequest) -> Response:
        """Every rule with its precision."""
        return Response(RuleOut(queries.rules_for(request.user), many=True).data)

    @action(detail=True, methods=["post"])
    def switch(self, request: SignedInRequest, rule: str) -> Response:
        """Switch a rule on or off, with a reason."""
        self._row(request, rule)
        actions.switch(rule=rule, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self._row(request, rule))

    def _row(self, request: SignedInRequest, rule: str) -> RuleRow:
        found = next((one for one in queries.rules_for(request.user) if one.rule == rule), None)
        if found is None:
            raise Http404
        return found
