"""Files in the back office: what lies there, not what is in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.files.models import FileShare, StoredFile


class StoredFileTable(back_office.Shown):
    noun, nouns = _("file"), _("files")
    columns = ("shown_name", "media_type", "size", "organisation", "uploaded_by", "uploaded_at")
    search_fields = ("shown_name",)


class FileShareTable(back_office.Shown):
    noun, nouns = _("shared file"), _("shared files")
    columns = ("file", "owner", "organisation", "shared_at")


back_office.tables([(StoredFile, StoredFileTable), (FileShare, FileShareTable)])
