"""What people type about products. A draft may have gaps; what is typed must be right."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.files.actions import FileTooLarge
from assurance.products import attributes, completeness, queries
from assurance.products.actions import Upload, VersionConflict
from assurance.products.attributes import TEXT_LENGTH, AttributeKind
from assurance.products.completeness import ATTRIBUTE, Given
from assurance.products.models import Category, Product
from assurance.products.wording import FIELDS, FINDINGS
from assurance.roles import can
from assurance.web.fields import MoneyField, RateField, StrictCharField, StrictIntegerField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BoundField

    from assurance.accounts.models import User
    from assurance.products.queries import Difference
    from assurance.refusals import Refused

NEEDED_TO_SAVE: Final = frozenset({"sku", "name", "category", "price", "version"})
MOST_DAYS: Final = 36_500
MOST_GRAMS: Final = 2_000_000
MOST_MM: Final = 10_000
PERCENT: Final = Decimal(100)


class CategoryField(forms.ChoiceField):
    """A category that takes products, by its code."""

    widget = forms.Select(
        attrs={
            "hx-get": reverse_lazy("products:attributes"),
            "hx-target": "#attributes",
            "hx-include": "#attributes",
            "hx-swap": "outerHTML",
        }
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=queries.choices, **kwargs)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        found = Category.objects.for_products().filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": code})
        return found


class FilterForm(forms.Form):
    """What a list of products is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Name, SKU or GTIN")})
    )
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("All categories")), *Category.objects.named()]  # type: ignore[attr-defined]

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return Category.objects.get(code=code) if code else None


class DraftForm(forms.Form):
    """Where to go after a draft was thrown away: a page of ours."""

    back = forms.RegexField(r"^/(?!/)[a-z0-9/-]*$", required=False, max_length=100)


class ExportForm(forms.Form):
    """In which form the products are wanted."""

    form = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], required=False)


class PercentField(RateField):
    """A share typed as a percentage: 20 means 0.20."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=PERCENT, **kwargs)

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else (percent / PERCENT).quantize(Decimal("0.000001"))


class ProductForm(forms.Form):
    """A product with the attributes of its category. Bind it with ``submitting`` to ask for everything at once.

    Fields that are needed only for submitting are drawn as needed, but leave a draft in peace.
    """

    use_required_attribute = False

    version = StrictIntegerField(widget=forms.HiddenInput, required=False)
    name = StrictCharField(label=FIELDS["name"], max_length=80)
    name_en = StrictCharField(label=FIELDS["name_en"], max_length=120, required=False)
    sku = StrictCharField(label=FIELDS["sku"], max_length=40, help_text=_("Your own number for it, the same on the shipment."))
    category = CategoryField(label=FIELDS["category"], help_text=_("It decides what must be stated and how it is inspected."))
    specification = StrictCharField(label=FIELDS["specification"], max_length=60, help_text=_("For example 120 g × 2"))
    gtin = StrictCharField(
        label=FIELDS["gtin"],
        max_length=20,
        help_text=_("The digits under the barcode."),
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "hx-get": reverse_lazy("products:gtin"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#gtin-seen",
                "hx-swap": "outerHTML",
                "hx-encoding": "application/x-www-form-urlencoded",
            }
        ),
    )
    no_gtin_reason = StrictCharField(label=FIELDS["no_gtin_reason"], max_length=120, required=False)
    shelf_life_days = StrictIntegerField(label=FIELDS["shelf_life_days"], most=MOST_DAYS)
    net_weight_g = StrictIntegerField(label=FIELDS["net_weight_g"], most=MOST_GRAMS, required=False)
    gross_weight_g = StrictIntegerField(label=FIELDS["gross_weight_g"], most=MOST_GRAMS, required=False)
    length_mm = StrictIntegerField(label=FIELDS["length_mm"], most=MOST_MM, required=False)
    width_mm = StrictIntegerField(label=FIELDS["width_mm"], most=MOST_MM, required=False)
    height_mm = StrictIntegerField(label=FIELDS["height_mm"], most=MOST_MM, required=False)
    price = MoneyField(label=FIELDS["price"])
    cost = MoneyField(label=FIELDS["cost"], zero_ok=True, required=False)
    commission_rate = PercentField(label=FIELDS["commission_rate"], required=False)
    picture = forms.FileField(
        label=FIELDS["picture"],
        required=False,
        help_text=_("JPEG, PNG or WEBP, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "hx-preserve": "true"}),
    )

    def __init__(self, *args: Any, user: User, product: Product | None = None, submitting: bool = False, **kwargs: Any) -> None:
        shown = initial_of(product) if product is not None else {}
        draft = queries.draft_of(user, product) if not args and "data" not in kwargs and "initial" not in kwargs else None
        self.draft = draft
        kwargs["initial"] = {**shown, **kwargs.get("initial", {}), **(draft.values if draft else {})}
        super().__init__(*args, **kwargs)
        self.submitting = submitting
        for name, permission in Product.restricted_fields.items():
            if not can(user, permission):
                del self.fields[name]
        self.chosen = self._chosen(product)
        self.asked = attributes.read(self.chosen.required_attributes) if self.chosen else ()
        self.fields["shelf_life_days"].required = bool(self.chosen and self.chosen.is_perishable)
        for attribute in self.asked:
            self.fields[ATTRIBUTE + attribute.key] = _field_of(attribute)

    def _chosen(self, product: Product | None) -> Category | None:
        code = self.data.get(self.add_prefix("category")) if self.is_bound else self.initial.get("category")
        if product is not None and code == product.category.code:
            return product.category
        return Category.objects.for_products().filter(code=code).first() if isinstance(code, str) and code else None

    def typed(self) -> dict[str, str]:
        """Return what was typed into the fields of this form, as it was typed."""
        return {name: str(self.data.get(self.add_prefix(name)) or "") for name in self.fields if name != "picture"}

    def flaws(self) -> list[tuple[str, str]]:
        """Return ``(field, sentence)`` of what is wrong; what is only missing can wait."""
        return [(name, str(errors[0])) for name, errors in self.errors.items() if self.typed().get(name)]

    def is_stale(self, product: Product | None) -> bool:
        """Say whether somebody has saved the product since this form was opened."""
        return product is not None and self.cleaned_data.get("version") not in (None, product.version)

    def attribute_fields(self) -> Iterator[BoundField]:
        return (self[ATTRIBUTE + attribute.key] for attribute in self.asked)

    def full_clean(self) -> None:
        drawn = {name: field.required for name, field in self.fields.items()}
        for name, field in self.fields.items():
            field.required = name in NEEDED_TO_SAVE and field.required
        super().full_clean()
        for name, field in self.fields.items():
            field.required = drawn[name]

    def clean_gtin(self) -> str:
        digits = str(self.cleaned_data["gtin"]).replace(" ", "").replace("-", "")
        if digits and not completeness.is_gtin(digits):
            raise ValidationError(FINDINGS["gtin_check_digit"], code="gtin_check_digit")
        return digits

    def clean_picture(self) -> Upload | None:
        """Return the bytes; whether they are a picture is judged where they are stored."""
        file: UploadedFile | None = self.cleaned_data["picture"]
        if file and (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(FileTooLarge(max=settings.UPLOAD_MAX_BYTES // 2**20)), code=FileTooLarge.code)
        return Upload(file.read(), file.name or "") if file else None

    def clean(self) -> dict[str, Any]:
        for attribute in self.asked:
            name = ATTRIBUTE + attribute.key
            value = self.cleaned_data.get(name) or ""
            if value and (code := attribute.flaw(value)):
                self.add_error(name, ValidationError(FINDINGS[code], code=code))
        if self.submitting and self.chosen:
            for one in completeness.findings(self._given(), queries.demands(self.chosen)):
                if one.field not in self.errors:
                    self.add_error(one.field, ValidationError(FINDINGS[one.code], code=one.code))
        return self.cleaned_data

    def _given(self) -> Given:
        got = self.cleaned_data
        texts: dict[str, Any] = {name: got.get(name) or "" for name in ("name", "specification", "gtin", "no_gtin_reason")}
        return Given(**texts, shelf_life_days=got.get("shelf_life_days"), attributes=self._attributes())

    def _attributes(self) -> dict[str, str]:
        return {attribute.key: self.cleaned_data.get(ATTRIBUTE + attribute.key) or "" for attribute in self.asked}

    def values(self) -> dict[str, Any]:
        """Return the product's fields as the action takes them."""
        apart = {"version", "picture"}
        plain = {name: value for name, value in self.cleaned_data.items() if name not in apart and not name.startswith(ATTRIBUTE)}
        return plain | {"attributes": self._attributes()}

    @property
    def upload(self) -> Upload | None:
        uploaded: Upload | None = self.cleaned_data["picture"]
        return uploaded

    def add_refusal(self, refused: Refused) -> bool:
        """Put what an action refused beside its fields; say whether all of it found a place."""
        points = [(field, sentence) for field, _code, sentence in refused.points()]
        if not points or any(field not in self.fields for field, _sentence in points):
            return False
        for field, sentence in points:
            self.add_error(field, sentence)
        return True

    def object_to(self, objections: Mapping[str, list[str]]) -> None:
        """Let what a reviewer objected stand beside its field."""
        for name, sentences in objections.items():
            if name in self.fields:
                self.fields[name].objections = sentences  # type: ignore[attr-defined]

    def meet(self, conflict: VersionConflict, differences: list[Difference]) -> list[Difference]:
        """Take over the version that is saved now, so that saving once more replaces it knowingly."""
        self.data = {**dict(self.data.items()), self.add_prefix("version"): str(conflict.params["now"])}
        return differences


def initial_of(product: Product) -> Mapping[str, Any]:
    """Return a product as the form shows it."""
    shown = {name: getattr(product, name) for name in FIELDS if name not in ("category", "commission_rate", "picture")}
    shown |= {ATTRIBUTE + key: value for key, value in product.attributes.items()}
    rate = percent(product.commission_rate).removesuffix(" %")
    return shown | {"category": product.category.code, "commission_rate": rate, "version": product.version}


def percent(rate: Decimal | None) -> str:
    """Return a share as people write it: 0.205 is 20.5 %."""
    return "" if rate is None else f"{(rate * PERCENT).normalize():f} %"


def _field_of(attribute: attributes.Attribute) -> forms.Field:
    language = get_language() or ""
    label = attribute.label(language)
    if attribute.kind == AttributeKind.CHOICE:
        return forms.ChoiceField(label=label, choices=[("", "–"), *attribute.options(language)])
    unit = f" ({attribute.unit})" if attribute.unit else ""
    field = StrictCharField(label=label + unit, max_length=TEXT_LENGTH, help_text=attribute.hint(language))
    if attribute.kind == AttributeKind.NUMBER:
        field.widget.attrs["inputmode"] = "decimal"
    return field
