"""Notices as JSON."""

from __future__ import annotations

from rest_framework import serializers

from assurance.notices.models import Notice
from assurance.notices.wording import worded
from assurance.web.serializers import StrictIntegerField, StrictListField, StrictSerializer
from assurance.web.shown import ShownRow


class NoticeOut(ShownRow[Notice]):
    title = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ("id", "kind", "title", "detail", "link", "created_at", "read_at")
        read_only_fields = fields

    def get_title(self, notice: Notice) -> str:
        return worded(notice.kind, notice.params).title

    def get_detail(self, notice: Notice) -> str:
        return worded(notice.kind, notice.params).detail


class ReadIn(StrictSerializer):
    notices = StrictListField(child=StrictIntegerField(most=2**63 - 1), help_text="Ids; others' notices are left alone.")


class ReadOut(StrictSerializer):
    read = StrictIntegerField(least=0, help_text="How many were unread.")
