"""What people type about badges."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.badges.validity import Found
from assurance.web.fields import StrictCharField


class CodeForm(forms.Form):
    """A badge code, as printed or as read aloud: spaces, hyphens and small letters do not matter."""

    code = StrictCharField(label=_("Badge code"), max_length=60, help_text=_("Printed under the square code on the parcel label."))

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "").replace("-", "").upper()


class FilterForm(forms.Form):
    """What the merchant's list is narrowed by; the status is a tab, not a field."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Lot, product or code")})
    )


class FoundOn(forms.Form):
    """On which goods a code was found, as far as the address says; what is no GTIN is compared all the same, and differs."""

    gtin = StrictCharField(required=False, max_length=40)
    product = StrictCharField(required=False, max_length=40)
    lot = StrictCharField(required=False, max_length=60)

    def asked(self) -> Found:
        self.full_clean()
        given = self.cleaned_data
        gtin = given.get("gtin") or given.get("product") or ("?" if self.errors else "")
        return Found(gtin="".join(one for one in gtin if one not in " -"), lot=given.get("lot", ""))


class ReasonForm(forms.Form):
    """Why a lot gets a new code; the sentence stands in the record."""

    reason = StrictCharField(label=_("Reason"), max_length=200, help_text=_("Stands in the public record of the lot."))


class RevokeForm(forms.Form):
    """Why a badge is withdrawn; the sentence stands on the public page."""

    reason = StrictCharField(label=_("Reason"), max_length=200, help_text=_("Everybody who checks the code will read this sentence."))
