"""Ranked causes as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class CauseOut(serializers.Serializer[Any]):
    """A party that may bear it, how probable that is in per cent, and what speaks for and against."""

    liable = serializers.CharField()
    share = serializers.IntegerField()
    speaks_for = serializers.ListField(child=serializers.CharField())
    speaks_against = serializers.ListField(child=serializers.CharField())


class DiagnosisOut(serializers.Serializer[Any]):
    case = serializers.IntegerField()
    causes = CauseOut(many=True)
