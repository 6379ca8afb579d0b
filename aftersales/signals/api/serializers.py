"""Rules as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.web.serializers import StrictBooleanField, StrictSerializer, StrictTextField


class RuleOut(serializers.Serializer[Any]):
    """A rule with its precision: of the decided cases it opened, the share that was confirmed."""

    rule = serializers.CharField()
    name = serializers.CharField()
    is_on = serializers.BooleanField()
    reason = serializers.CharField()
    opened = serializers.IntegerField(source="precision.opened")
    decided = serializers.IntegerField(source="precision.decided")
    confirmed = serializers.IntegerField(source="precision.confirmed")
    precision = serializers.DecimalField(source="precision.share", max_digits=3, decimal_places=2, allow_null=True)


class SwitchIn(StrictSerializer):
    is_on = StrictBooleanField()
    reason = StrictTextField(max_length=200)
