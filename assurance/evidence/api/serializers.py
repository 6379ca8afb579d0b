"""Signed heads and proofs as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.evidence.models import Checkpoint
from assurance.web.shown import ShownRow

CONSISTENCY = "wuyou-consistency/1"


class CheckpointOut(ShownRow[Checkpoint]):
    root = serializers.SerializerMethodField(help_text="SHA-256 in hex.")  # type: ignore[assignment]  # a field called so

    class Meta:
        model = Checkpoint
        fields = ("number", "size", "root", "at", "note")
        read_only_fields = fields

    def get_root(self, one: Checkpoint) -> str:
        return bytes(one.root).hex()


class InclusionOut(serializers.Serializer[Any]):
    """That the entry with this hash stands at ``seq`` of the log: RFC 9162, 2.1.3.2."""

    seq = serializers.IntegerField()
    hash = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    checkpoint = serializers.CharField()


class ConsistencyOut(serializers.Serializer[Any]):
    """That the log of ``old_size`` entries is the beginning of the one of ``size``: RFC 9162, 2.1.4.2.

    ``old`` is the signed head over ``old_size`` entries, if there is one.
    """

    format = serializers.ChoiceField(choices=[CONSISTENCY])
    key = serializers.CharField()
    old_size = serializers.IntegerField()
    size = serializers.IntegerField()
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
