"""What an administrator says about a job."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField


class RestartForm(forms.Form):
    """Why a parked job may be tried again."""

    reason = StrictCharField(label=_("Reason"), max_length=200, help_text=_("What was mended, so that it will work now?"))
