"""What people type about shipments, at a desk and at the gate."""

from __future__ import annotations

import secrets
from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.web.fields import DayField, QuantityField, StrictCharField
from warehouse.inbound import queries
from warehouse.inbound.actions import AnnouncedLine
from warehouse.inbound.actions.announcing import MOST_LINES
from warehouse.inbound.aside import SCOPES
from warehouse.inbound.lifecycle import Kind, Reason, Resolution
from warehouse.inbound.models import KIND_CHOICES, REASON_CHOICES, RESOLUTION_CHOICES, STATE_CHOICES
from warehouse.inbound.printed import read_day
from warehouse.stock.gs1 import MOST_CHARACTERS, printable

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.refusals import Refused
    from warehouse.inbound.models import Slot

ROWS_AT_FIRST = 2


class FilterForm(forms.Form):
    """What a list of notices is narrowed by."""

    q = StrictCharField(
        label=_("Search"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Number, reference, lot or product")}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *STATE_CHOICES],
    )


class NoticeForm(forms.Form):
    """The head of a shipment notice."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    reference = StrictCharField(
        label=_("Your reference"), max_length=40, help_text=_("Your own number for this shipment. It is used once.")
    )
    expected_date = DayField(label=_("Expected on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = [("", _("Choose a warehouse")), *((str(one.pk), one.name) for one in queries.open_warehouses())]  # type: ignore[attr-defined]

    def head(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {"warehouse_id": int(values.pop("warehouse")), **values}


class LineForm(forms.Form):
    """One product and lot."""

    product = forms.ChoiceField(label=_("Product"))
    lot_number = StrictCharField(label=_("Lot number"), max_length=40)
    produced_date = DayField(label=_("Production date"), required=False)
    expiry_date = DayField(label=_("Expiry date"), required=False)
    quantity = QuantityField(label=_("Units"))
    cartons = QuantityField(label=_("Cartons"), required=False)
    is_gift = forms.BooleanField(
        label=_("Given away"), required=False, help_text=_("Gifts may have used up half of their life on arrival.")
    )

    def __init__(self, *args: Any, products: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [("", _("Choose a product")), *products]  # type: ignore[attr-defined]

    def line(self) -> AnnouncedLine:
        values = dict(self.cleaned_data)
        return AnnouncedLine(product_id=int(values.pop("product")), **values)


class Lines(forms.BaseFormSet):  # not subscriptable when it runs
    """The lines of a notice; rows left empty are not meant."""

    def filled(self) -> list[LineForm]:
        return [form for form in self.forms if form.has_changed()]

    def lines(self) -> list[AnnouncedLine]:
        return [form.line() for form in self.filled()]

    def clean(self) -> None:
        if not any(self.errors) and not self.filled():
            raise ValidationError(_("Name at least one product."), code="no_lines")


def products_for(user: User, *, at: datetime) -> list[tuple[str, str]]:
    """Return the choices of a line: what may be announced now, with its SKU."""
    return [(str(product.pk), f"{product.shown_name} · {product.sku}") for product in queries.enrolled_products(user, at=at)]


def line_forms(data: Any = None, *, products: list[tuple[str, str]], typed: list[dict[str, str]] | None = None) -> Lines:
    """Return the rows of a new notice: bound to what was sent, or showing what was ``typed`` and room for more."""
    room = ROWS_AT_FIRST if typed is None else 1
    made = forms.formset_factory(LineForm, formset=Lines, extra=room, max_num=MOST_LINES, absolute_max=MOST_LINES)
    return made(data, prefix="lines", initial=typed, form_kwargs={"products": products})  # type: ignore[return-value]


def typed_rows(data: Any) -> list[dict[str, str]]:
    """Return the rows as they were typed, for a browser without script that asked for one more line."""
    given = str(data.get("lines-TOTAL_FORMS", ""))
    rows = min(int(given), MOST_LINES - 1) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    return [{name: data.get(f"lines-{row}-{name}", "") for name in LineForm.base_fields} for row in range(rows)]


def put_refusal(refused: Refused, notice: NoticeForm, lines: Lines) -> bool:
    """Write a refusal beside the field it is about; say whether there is one."""
    name = refused.field or ""
    if name in notice.fields:
        notice.add_error(name, ValidationError(str(refused), code=refused.code))
        return True
    parts = name.split(".")
    if len(parts) == 3 and parts[0] == "lines":
        lines.filled()[int(parts[1])].add_error(parts[2], ValidationError(str(refused), code=refused.code))
        return True
    return False


class ScanField(StrictCharField):
    """What a scanner sends: a code, an element string with its separators, or a link."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **kwargs)

    def to_python(self, value: object) -> str:
        return super().to_python(printable(value) if isinstance(value, str) else value)


class ScanForm(forms.Form):
    """The code of goods at the gate."""

    code = ScanField(required=False)


class PrintedDayField(StrictCharField):
    """A date typed as it is printed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=14,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "YYYYMMDD"}),
            **kwargs,
        )

    def clean(self, value: Any) -> date | None:
        given = super().clean(value)
        if not given:
            return None
        try:
            return read_day(given)
        except ValueError:
            raise ValidationError(_("Type the date as year, month, day, for example 20291104."), code="date_format") from None


class ReceiveForm(forms.Form):
    """Units of one lot at the gate. ``message`` is made with the form, so that a second press counts nothing twice."""

    code = ScanField(widget=forms.HiddenInput)
    message = StrictCharField(max_length=80, widget=forms.HiddenInput)
    lot_number = StrictCharField(
        label=_("Lot number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    expiry_date = PrintedDayField(label=_("Expiry date as printed"), required=False)
    produced_date = PrintedDayField(label=_("Production date as printed"), required=False)
    quantity = QuantityField(label=_("Units"), widget=forms.NumberInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, needs_expiry: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("message", new_message())
        super().__init__(*args, **kwargs)
        self.fields["expiry_date"].required = needs_expiry
        if not self.is_bound:
            first = next((name for name in ("lot_number", "expiry_date") if not self.initial.get(name)), "quantity")
            self.fields[first].widget.attrs["autofocus"] = True


def new_message() -> str:
    """Return the key of one receipt made by hand."""
    return f"page:{secrets.token_hex(12)}"


class CloseForm(forms.Form):
    """Why receiving ends before everything came."""

    reason = StrictCharField(label=_("Why nothing more comes"), max_length=200)


class DiscrepancyFilterForm(forms.Form):
    """What the list of discrepancies is narrowed by."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    q = StrictCharField(
        label=_("Search"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Number, notice, reference, lot or code")}),
    )


class ReportForm(forms.Form):
    """Goods that stand aside: damaged, or not announced. ``message`` is made with the form."""

    kind = forms.ChoiceField(label=_("What is wrong"), choices=[one for one in KIND_CHOICES if one[0] in (Kind.DAMAGED, Kind.WRONG)])
    code = StrictCharField(label=_("GTIN or SKU"), max_length=80)
    lot_number = StrictCharField(label=_("Lot number"), max_length=40, required=False)
    quantity = QuantityField(label=_("Units"))
    note = StrictCharField(label=_("What can be seen"), max_length=200, required=False)
    message = StrictCharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("message", new_message())
        kwargs["auto_id"] = "report_%s"
        super().__init__(*args, **kwargs)


class SettleForm(forms.Form):
    """What became of goods that stood aside."""

    resolution = forms.ChoiceField(label=_("What became of it"))
    reason = forms.ChoiceField(
        label=_("Why it is admitted"), required=False, choices=[("", _("Only for goods that are too old")), *REASON_CHOICES]
    )
    note = StrictCharField(label=_("In words"), max_length=200, required=False)

    def __init__(self, *args: Any, ways: list[Resolution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(way, label) for way, label in RESOLUTION_CHOICES if way in ways]
        self.fields["resolution"].choices = [("", _("Choose")), *offered]  # type: ignore[attr-defined]
        if Resolution.ADMITTED not in ways:
            del self.fields["reason"]

    def clean_resolution(self) -> Resolution:
        return Resolution(self.cleaned_data["resolution"])

    def clean_reason(self) -> Reason | str:
        given = self.cleaned_data["reason"]
        return Reason(given) if given else ""


class HandOverForm(forms.Form):
    """Who takes care of it from now on."""

    owner = forms.ChoiceField(label=_("Taken care of by"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]

    def clean_owner(self) -> int:
        return int(self.cleaned_data["owner"])


class HourField(forms.RegexField):
    """Hours and minutes, like ``08:00``."""

    widget = forms.TimeInput(attrs={"type": "time"})

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid": _("Hours and minutes, like 08:00.")}
        super().__init__(r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", error_messages=wrong, **kwargs)

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        return time.fromisoformat(given) if given else None


class SlotsForm(forms.Form):
    """Times at the gate, for some days."""

    first_day = DayField(label=_("From day"))
    last_day = DayField(label=_("To day"))
    begins = HourField(label=_("From hour"))
    ends = HourField(label=_("To hour"))
    minutes = QuantityField(label=_("Minutes a slot"), most=720)
    capacity = QuantityField(label=_("Shipments at once"), most=200)


class BookForm(forms.Form):
    """When a shipment comes."""

    slot = forms.ChoiceField(label=_("Time at the gate"))

    def __init__(self, *args: Any, slots: list[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [(str(slot.pk), _span(slot)) for slot in slots]  # type: ignore[attr-defined]

    def clean_slot(self) -> int:
        return int(self.cleaned_data["slot"])


def _span(slot: Slot) -> str:
    start, end = slot.starts_at.astimezone(SHANGHAI), slot.ends_at.astimezone(SHANGHAI)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


class FileForm(forms.Form):
    """A CSV file or a workbook of shipment notices."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("XLSX, or CSV in UTF-8 or GB18030; at most 20,000 rows and 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )
