"""What happened to parcels, as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.web.serializers import MomentField, StrictChoiceField, StrictSerializer, StrictTextField
from assurance.web.shown import ShownRow
from logistics.dispatch.models import INCIDENTS
from logistics.tracking.models import TrackingEvent

MOST_EVENTS = 500


class EventIn(StrictSerializer):
    """One event in the courier's own word: ours, or Kuaidi100's number or name. ``key`` is the courier's number of it: once is once."""

    number = StrictTextField(max_length=32)
    key = StrictTextField(max_length=80)
    status = StrictTextField(max_length=40)
    occurred_at = MomentField()
    reason = StrictChoiceField(choices=INCIDENTS, required=False)
    place = StrictTextField(max_length=80, required=False, allow_blank=True)


class EventsIn(StrictSerializer):
    events = EventIn(many=True, max_length=MOST_EVENTS)  # type: ignore[call-arg]  # goes to the list


class RefusedOut(serializers.Serializer[Any]):
    place = serializers.IntegerField(read_only=True, help_text="Counted from 0 in the list that was sent.")
    code = serializers.CharField(read_only=True)


class RecordedOut(serializers.Serializer[Any]):
    """How many events were new, how many were known, and which named no waybill of yours."""

    new = serializers.IntegerField(read_only=True)
    repeated = serializers.IntegerField(read_only=True)
    refused = RefusedOut(many=True, read_only=True)


class EventOut(ShownRow[TrackingEvent]):
    number = serializers.CharField(source="waybill.number", read_only=True)

    class Meta:
        model = TrackingEvent
        fields = (
            "id",
            "waybill",
            "number",
            "source",
            "source_key",
            "status",
            "raw_status",
            "incident",
            "responsible",
            "place",
            "occurred_at",
            "received_at",
            "clock_suspect",
        )
        read_only_fields = fields
