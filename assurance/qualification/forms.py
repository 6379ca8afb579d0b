"""What people type about papers, entries and rules."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.files.actions import FileTooLarge
from assurance.products.models import Category, Product
from assurance.qualification.actions import NewPaper
from assurance.qualification.models import SCOPE_CHOICES
from assurance.qualification.numbers import BRANDED, PaperKind
from assurance.qualification.objections import FIELDS, Objection
from assurance.qualification.term import Scope
from assurance.web.fields import DayField, RateField, StrictCharField, StrictIntegerField

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.forms import BoundField

    from assurance.accounts.models import User
    from assurance.qualification.models import EntryRules, QualificationPaper
    from assurance.refusals import Refused

LABELS: Final = {
    "kind": _("Kind of paper"),
    "number": _("Number on the paper"),
    "issuer": _("Issued by"),
    "brand": _("Brand"),
    "granted_by": _("Authorised by"),
    "chain_level": _("Level in the chain"),
    "scope": _("What it covers"),
    "from_date": _("Valid from"),
    "until_date": _("Valid until"),
    "file": _("The paper itself"),
}
OBJECTIONS: Final = {
    "unreadable": _("Cannot be read"),
    "contradiction": _("Contradicts the paper or another statement"),
    "not_proven": _("Not proven"),
    "out_of_date": _("Out of date"),
    "other": _("Other"),
}
NUMBER_HINTS: Final = {
    PaperKind.BUSINESS_LICENCE: _("The unified social credit code, 18 characters."),
    PaperKind.FOOD_LICENCE: _("JY and 14 digits."),
    PaperKind.BRAND_AUTHORISATION: _("As it stands on the paper."),
    PaperKind.TRADEMARK: _("The registration number, for example 12345678."),
}
TABS: Final = (("waiting", _("Waiting for review")), ("ending", _("By end")), ("decided", _("Decided")))
MOST_LEVELS: Final = 9
MOST_MONTHS: Final = 60
PERCENT: Final = Decimal(100)


class PaperForm(forms.Form):
    """A paper of one kind; brand and scope only where they belong to it."""

    use_required_attribute = False

    number = StrictCharField(label=LABELS["number"], max_length=40)
    issuer = StrictCharField(label=LABELS["issuer"], max_length=80)
    brand = StrictCharField(label=LABELS["brand"], max_length=60)
    granted_by = StrictCharField(
        label=LABELS["granted_by"], max_length=80, help_text=_("The owner of the brand, or the dealer before you in the chain.")
    )
    chain_level = StrictIntegerField(
        label=LABELS["chain_level"], most=MOST_LEVELS, help_text=_("1: authorised by the owner of the brand, 2: through one dealer …")
    )
    scope = forms.ChoiceField(label=LABELS["scope"], choices=SCOPE_CHOICES)
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        required=False,
        help_text=_("Only if it covers categories, with all below them. Several: Ctrl or ⌘ and click."),
    )
    products = forms.MultipleChoiceField(
        label=_("Products"), required=False, help_text=_("Only if it covers certain products. Several: Ctrl or ⌘ and click.")
    )
    from_date = DayField(label=LABELS["from_date"])
    until_date = DayField(label=LABELS["until_date"], required=False, help_text=_("The last day. Leave it empty if the paper has no end."))
    file = forms.FileField(
        label=LABELS["file"],
        help_text=_("Picture or PDF, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def __init__(self, *args: Any, kind: str, user: User, replaces: QualificationPaper | None = None, **kwargs: Any) -> None:
        if replaces is not None:
            kwargs["initial"] = _carried_over(replaces)
        super().__init__(*args, **kwargs)
        self.kind, self.user, self.replaces = kind, user, replaces
        self.fields["number"].help_text = NUMBER_HINTS[PaperKind(kind)]
        if kind not in BRANDED:
            for name in ("brand", "granted_by", "chain_level", "scope", "categories", "products"):
                del self.fields[name]
            return
        if kind == PaperKind.TRADEMARK:
            for name in ("granted_by", "chain_level"):
                del self.fields[name]
        self.own = {str(one.pk): one for one in Product.objects.visible_to(user).order_by("name", "id")}
        self.known = {one.code: one for one in Category.objects.visible_to(user).order_by("position", "id")}
        self.fields["products"].choices = [(key, f"{one.shown_name} · {one.sku}") for key, one in self.own.items()]  # type: ignore[attr-defined]
        self.fields["categories"].choices = [(code, one.name) for code, one in self.known.items()]  # type: ignore[attr-defined]

    def clean_file(self) -> tuple[bytes, str]:
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(FileTooLarge(max=settings.UPLOAD_MAX_BYTES // 2**20)), code=FileTooLarge.code)
        return file.read(), file.name or ""

    def paper(self, *, at: datetime) -> NewPaper:
        """Return what was typed, as the action takes it."""
        got = self.cleaned_data
        data, name = got["file"]
        return NewPaper(
            kind=self.kind,
            number=got["number"],
            issuer=got["issuer"],
            from_date=got["from_date"],
            until_date=got["until_date"],
            actor=self.user,
            at=at,
            data=data,
            file_name=name,
            brand=got.get("brand", ""),
            granted_by=got.get("granted_by", ""),
            chain_level=got.get("chain_level"),
            scope=got.get("scope", Scope.SHOP),
            categories=[self.known[code] for code in got.get("categories", [])],
            products=[self.own[key] for key in got.get("products", [])],
            replaces=self.replaces,
        )

    def add_refusal(self, refused: Refused) -> bool:
        """Put what the action refused beside its fields; say whether all of it found a place."""
        points = [(field, sentence) for field, _code, sentence in refused.points()]
        if not points or any(field not in self.fields for field, _sentence in points):
            return False
        for field, sentence in points:
            self.add_error(field, sentence)
        return True


def _carried_over(old: QualificationPaper) -> dict[str, Any]:
    same = {name: getattr(old, name) for name in ("number", "issuer", "brand", "granted_by", "chain_level", "scope", "categories")}
    return same | {"products": [str(one) for one in old.covered.values_list("product_id", flat=True)]}


class ObjectionForm(forms.Form):
    """One reason and a few words for every field of a paper; empty ones say that nothing is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nothing to object to")), *OBJECTIONS.items()]
        for name in FIELDS:
            self.fields[f"code-{name}"] = forms.ChoiceField(label=_("Objection"), choices=choices, required=False)
            self.fields[f"words-{name}"] = StrictCharField(label=_("In words"), max_length=300, required=False)

    def pair(self, name: str) -> tuple[BoundField, BoundField]:
        return self[f"code-{name}"], self[f"words-{name}"]

    def objections(self) -> list[Objection]:
        got = self.cleaned_data
        return [Objection(name, got[f"code-{name}"], got[f"words-{name}"]) for name in FIELDS if got[f"code-{name}"]]

    def clean(self) -> dict[str, Any]:
        for name in FIELDS:
            if self.cleaned_data.get(f"words-{name}") and not self.cleaned_data.get(f"code-{name}"):
                self.add_error(f"code-{name}", _("Choose what is wrong."))
        return self.cleaned_data

    def add_refusal(self, code: str, message: str, place: str) -> None:
        """Put a refusal beside the field whose objection it means, or on top."""
        parts = place.split(".")
        given = self.objections()
        if len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < len(given):  # objections.<n>.<part>
            self.add_error(f"{'words' if parts[2] == 'words' else 'code'}-{given[int(parts[1])].field}", message)
        else:
            self.add_error(None, ValidationError(message, code=code))


class ApplyForm(forms.Form):
    """For which product a return is asked; for the whole shop, if for none."""

    product = StrictIntegerField(required=False)


class EvidenceForm(forms.Form):
    """What the reviewer goes by."""

    evidence = StrictCharField(
        label=_("Decided on the evidence of"),
        max_length=300,
        required=False,
        help_text=_("Needed where the metrics say nothing yet, and for every refusal. The merchant sees it."),
    )


class ClearOutForm(forms.Form):
    """Why a merchant, or one of his products, is cleared out."""

    product = forms.ChoiceField(label=_("What is cleared out"), required=False)
    reason = StrictCharField(label=_("Reason"), max_length=300, help_text=_("The merchant sees it."))

    def __init__(self, *args: Any, merchant_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = Product.objects.filter(merchant_id=merchant_id).order_by("name", "id")
        self.fields["product"].choices = [  # type: ignore[attr-defined]
            ("", _("The whole shop")),
            *((str(one.pk), f"{one.shown_name} · {one.sku}") for one in products),
        ]

    @property
    def product_id(self) -> int | None:
        return int(self.cleaned_data["product"]) if self.cleaned_data["product"] else None


class RulesForm(forms.Form):
    """A new version of the entry rules: the newest one with other floors and numbers."""

    version = StrictCharField(label=_("Version"), max_length=24)
    from_date = DayField(label=_("In force from"))
    least_orders = StrictIntegerField(label=_("Orders before anything is known"), most=100_000)
    first_wait = StrictIntegerField(label=_("Months to wait after the first clear-out"), most=MOST_MONTHS)
    later_wait = StrictIntegerField(label=_("Months to wait after a later one"), most=MOST_MONTHS)
    most_entries = StrictIntegerField(label=_("Entries at most"), most=100)
    papers_block = forms.BooleanField(
        label=_("A missing licence keeps products from being submitted (one that ended always does)"), required=False
    )
    because = StrictCharField(label=_("Why"), max_length=200)
    accepts = StrictCharField(widget=forms.HiddenInput, max_length=20_000, required=False)

    def __init__(self, *args: Any, rules: EntryRules, **kwargs: Any) -> None:
        terms = rules.read()
        shown: dict[str, Any] = {
            "least_orders": terms.least_orders,
            "first_wait": terms.cool_down_months[0],
            "later_wait": terms.cool_down_months[-1],
            "most_entries": terms.most_entries,
            "papers_block": terms.papers_block,
        }
        shown |= {f"floor-{one.fact}": f"{(one.at_least * PERCENT).normalize():f}" for one in terms.metrics}
        super().__init__(*args, **{"initial": shown, **kwargs})
        self.metrics = terms.metrics
        language = get_language() or ""
        for one in terms.metrics:
            self.fields[f"floor-{one.fact}"] = RateField(label=one.label(language), most=PERCENT)

    def floors_drawn(self) -> Iterator[BoundField]:
        return (self[f"floor-{one.fact}"] for one in self.metrics)

    def floors(self) -> dict[str, Decimal]:
        return {one.fact: (self.cleaned_data[f"floor-{one.fact}"] / PERCENT).normalize() for one in self.metrics}

    def changed(self) -> dict[str, Any]:
        got = self.cleaned_data
        same = {name: got[name] for name in ("least_orders", "most_entries", "papers_block")}
        return same | {"cool_down_months": [got["first_wait"], got["later_wait"]]}

    @property
    def accepted(self) -> list[str]:
        return [code for code in self.cleaned_data["accepts"].split(",") if code]
