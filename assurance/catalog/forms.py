"""What people type about the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.advertising import LONGEST
from assurance.catalog.queries import NO_COMMISSION, Wanted
from assurance.products.forms import FilterForm as ProductFilter
from assurance.products.forms import PercentField
from assurance.roles import Kind, Permission, can
from assurance.web.fields import MoneyField, StrictCharField, StrictIntegerField, StrictTextField

if TYPE_CHECKING:
    from assurance.accounts.models import User

SORTS: Final = (
    ("", _("Badge strength")),
    ("price", _("Price, lowest first")),
    ("-price", _("Price, highest first")),
    ("-commission", _("Commission, highest first")),
    ("-stock", _("Stock, most first")),
    ("-expiry", _("Shelf life, longest first")),
    ("name", _("Name")),
    ("new", _("Newest first")),
)
MOST_DAYS: Final = 3_650


class SearchForm(ProductFilter):
    """What the catalogue is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Product or merchant")})
    )
    price_from = MoneyField(label=_("Price from"), required=False, zero_ok=True)
    price_to = MoneyField(label=_("Price to"), required=False)
    commission_from = PercentField(label=_("Commission from, %"), required=False)
    strength = forms.ChoiceField(
        label=_("Proven sides"), required=False, choices=[("", _("Any")), ("1", "≥ 1"), ("2", "≥ 2"), ("3", "≥ 3"), ("4", "4")]
    )
    days = StrictIntegerField(label=_("Days of shelf life, at least"), most=MOST_DAYS, required=False)
    warehouse = forms.ChoiceField(label=_("Ships from"), required=False)
    valid = forms.BooleanField(label=_("Valid badge"), required=False)
    in_stock = forms.BooleanField(label=_("In stock"), required=False)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        warehouses = Organisation.objects.filter(kind=Kind.WAREHOUSE).order_by("name", "id").values_list("pk", "name")
        self.fields["warehouse"].choices = [("", _("Any place")), *((str(pk), name) for pk, name in warehouses)]  # type: ignore[attr-defined]
        if not can(user, Permission.SEE_COMMISSION):
            del self.fields["commission_from"]
            self.fields["sort"].choices = [pair for pair in SORTS if pair[0] != NO_COMMISSION]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        got = dict(self.cleaned_data)
        for name in ("strength", "warehouse"):
            got[name] = int(got[name]) if got[name] else None
        return Wanted(**got)


class NameForm(forms.Form):
    """The name of a new list."""

    name = StrictCharField(label=_("Name of the list"), max_length=60)


class ScriptForm(forms.Form):
    """What a streamer means to say; nothing of it is kept."""

    script = StrictTextField(
        label=_("Your script"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Paste what you mean to say. It is checked and not kept."),
    )
