"""What is typed about rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField


class SwitchForm(forms.Form):
    """Why a rule is switched on or off."""

    reason = StrictCharField(label=_("Reason"), max_length=200)
