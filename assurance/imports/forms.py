"""What people send: a file of products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.files.actions import FileTooLarge
from assurance.products import queries
from assurance.products.models import Category

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from assurance.refusals import Refused


class UploadForm(forms.Form):
    """A CSV file or a workbook."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("XLSX, or CSV in UTF-8 or GB18030; at most 20,000 rows and 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(FileTooLarge(max=settings.UPLOAD_MAX_BYTES // 2**20)), code=FileTooLarge.code)
        return file

    def add_refusal(self, refused: Refused) -> None:
        """Say beside the file why it cannot be read, column by column where columns are the reason."""
        self.add_error("file", str(refused))
        if refused.places == "column":
            for column, _code, sentence in refused.points():
                self.add_error("file", _("%(column)s: %(what)s") % {"column": column, "what": sentence})


class TemplateForm(forms.Form):
    """For which category a template is wanted, and in which form."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False, choices=[("xlsx", "XLSX"), ("csv", "CSV")])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["category"].choices = queries.choices()  # type: ignore[attr-defined]

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return Category.objects.for_products().filter(code=code).first() if code else None
