"""What people type about certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.certificates.actions import Paper
from assurance.certificates.models import CONFLICT_CHOICES, STATE_CHOICES, Kind
from assurance.files.actions import FileTooLarge
from assurance.products.models import Product
from assurance.web.fields import DayField, StrictCharField, StrictTextField

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from assurance.accounts.models import User
    from assurance.refusals import Refused

MOST_PRODUCTS: Final = 500
VALUES: Final = ("kind", "number", "issuer", "holder", "model_names", "issued_date", "valid_from_date", "expires_date")
KEEP_CHOICES: Final = (
    ("both", _("Both may show it")),
    ("first", _("Only the one that entered it first")),
    ("second", _("Only the one that entered it second")),
    ("none", _("Neither")),
)


class FilterForm(forms.Form):
    """What a list of certificates is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Number, issuer or holder")})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATE_CHOICES])


class ConflictFilterForm(forms.Form):
    """Which conflicts are shown."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *CONFLICT_CHOICES])


class ProductsField(forms.MultipleChoiceField):
    """Some of the merchant's own products, by number."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[int]:
        return [int(number) for number in super().clean(value)]


def own_products(user: User) -> list[tuple[str, str]]:
    """Return the merchant's products for choosing some, newest first."""
    found = Product.objects.visible_to(user).filter(merchant_id=user.organisation_id).order_by("-id")[:MOST_PRODUCTS]
    return [(str(one.pk), f"{one.shown_name} · {one.sku}") for one in found]


class CertificateForm(forms.Form):
    """A certificate as it is entered."""

    kind = forms.ChoiceField(label=_("kind of certificate"), choices=[("", "–"), *Kind.choices])
    number = StrictCharField(
        label=_("certificate number"), max_length=80, help_text=_("As it stands on the certificate; spaces do not matter.")
    )
    issuer = StrictCharField(label=_("issued by"), max_length=120)
    holder = StrictCharField(
        label=_("holder"), max_length=120, help_text=_("Whose certificate it is. If it is not you, attach this holder's authorisation too.")
    )
    model_names = StrictCharField(label=_("models"), max_length=300, required=False)
    issued_date = DayField(label=_("issued on"))
    valid_from_date = DayField(label=_("valid from"), required=False)
    expires_date = DayField(label=_("valid until"), required=False, help_text=_("Empty: it does not end. Its last day counts."))
    products = ProductsField(label=_("products it covers"), help_text=_("It is attached to these, and can be attached to no other."))
    file = forms.FileField(
        label=_("file"),
        help_text=_("PDF, JPEG, PNG or WEBP, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].choices = own_products(user)  # type: ignore[attr-defined]

    def clean_file(self) -> Paper:
        """Return the bytes; what they are is judged where they are stored."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(str(FileTooLarge(max=settings.UPLOAD_MAX_BYTES // 2**20)), code=FileTooLarge.code)
        return Paper(file.read(), file.name or "")

    def given(self) -> dict[str, Any]:
        """Return what the action wants."""
        values = {name: self.cleaned_data[name] for name in VALUES}
        return {"values": values, "product_ids": self.cleaned_data["products"], "paper": self.cleaned_data["file"]}

    def add_refusal(self, refused: Refused) -> bool:
        """Put what was refused beside its field; say whether it has one here."""
        points = [point for point in refused.points() if point[0] in self.fields]
        for name, code, words in points:
            self.add_error(name, ValidationError(words, code=code))
        return bool(points)


class AttachForm(forms.Form):
    """Which products a certificate is attached to."""

    products = ProductsField(label=_("products"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].choices = own_products(user)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What a reviewer says of a certificate; the button says what he decides."""

    reason = StrictTextField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("The merchant reads it word for word. To verify, it is needed only for another's certificate."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConflictForm(forms.Form):
    """Whose certificate it is, and why."""

    keep = forms.ChoiceField(label=_("Who may show it?"), choices=KEEP_CHOICES, widget=forms.RadioSelect)
    reason = StrictTextField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
