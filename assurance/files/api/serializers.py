"""Files as JSON: what is known of them. The bytes have an address of their own."""

from __future__ import annotations

from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.web.serializers import StrictSerializer
from assurance.web.shown import ShownRow


class FileOut(ShownRow[StoredFile]):
    class Meta:
        model = StoredFile
        fields = ("id", "shown_name", "media_type", "size", "sha256", "width", "height", "uploaded_at")
        read_only_fields = fields


class FileIn(StrictSerializer):
    """A picture or a PDF as multipart upload."""

    file = serializers.FileField(allow_empty_file=True)  # refused where it is stored, with its own code
