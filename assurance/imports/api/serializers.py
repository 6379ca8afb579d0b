"""Product files as JSON."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.imports import queries
from assurance.imports.models import ImportFlaw, ProductImport
from assurance.web.serializers import StrictSerializer
from assurance.web.shown import ShownRow


class ProductImportOut(ShownRow[ProductImport]):
    """How a file fares. ``created``, ``changed``, ``unchanged`` and ``flawed`` count its rows: after the check what would become of
    them, after the import what became of them. ``result`` is the file of the rows that were refused."""

    run = serializers.PrimaryKeyRelatedField[ProductImport](read_only=True)
    done = serializers.IntegerField(source="run.done", read_only=True)
    result = serializers.IntegerField(source="run.result_id", read_only=True, allow_null=True)
    remarks = serializers.SerializerMethodField()

    class Meta:
        model = ProductImport
        fields = (
            "id",
            "file_name",
            "form",
            "sha256",
            "state",
            "total",
            "done",
            "created",
            "changed",
            "unchanged",
            "flawed",
            "remarks",
            "run",
            "result",
            "created_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_remarks(self, found: ProductImport) -> list[str]:
        return queries.remarks(found)


class FlawOut(ShownRow[ImportFlaw]):
    """One bad cell: the row as the spreadsheet counts it, the column as the file calls it, what stands there, what is wrong."""

    message = serializers.SerializerMethodField()

    class Meta:
        model = ImportFlaw
        fields = ("row", "column", "value", "code", "message")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_message(self, flaw: ImportFlaw) -> str:
        return queries.notes([flaw])[0].message


class UploadIn(StrictSerializer):
    """A CSV file or an XLSX workbook as multipart upload."""

    file = serializers.FileField(allow_empty_file=True)
