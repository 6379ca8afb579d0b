"""Notices in the back office: who was told what kind of news when, not the words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.notices.models import Notice


class NoticeTable(back_office.Shown):
    noun, nouns = _("notice"), _("notices")
    columns = ("created_at", "kind", "recipient", "read_at", "mailed_at")
    search_fields = ("kind",)


back_office.tables([(Notice, NoticeTable)])
