"""What people type about themselves, their people and their programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from assurance.access import ACCESS
from assurance.accounts.fields import CreditCodeField, EmailField, PasswordField, PhoneField
from assurance.accounts.models import KIND_LABELS, LANGUAGES, ROLE_LABELS, User
from assurance.accounts.scopes import SCOPES, scope_of
from assurance.accounts.zones import ZONES
from assurance.roles import ROLES_OF, Kind, Role
from assurance.web.fields import StrictCharField, StrictIntegerField, StrictTextField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REASON_LENGTH: Final = 300
NAME_LENGTH: Final = 40
COMPANY_LENGTH: Final = 80


AREA_LABELS: Final = {
    "account": _("Account and people"),
    "products": _("Products"),
    "enrolments": _("Enrolments"),
    "inbound": _("Shipments"),
    "stock": _("Lots and stock"),
    "inspections": _("Inspections"),
    "evidence": _("Evidence and badges"),
    "gates": _("Stops and clearances"),
    "files": _("Files"),
    "runs": _("Imports and exports"),
    "notices": _("Notices"),
    "events": _("Audit trail and jobs"),
}


class NewPasswordMixin(forms.Form):
    """A new password, typed once and shown on demand; judged against what is known of the person."""

    def judge_password(self, password: str, person: User, field: str) -> None:
        try:
            validate_password(password, person)
        except forms.ValidationError as error:
            self.add_error(field, error)


class RegistrationForm(NewPasswordMixin):
    """A merchant registers itself with its owner."""

    company = StrictCharField(label=_("Company"), max_length=COMPANY_LENGTH)
    credit_code = CreditCodeField(help_text=_("18 characters, as on the business licence."))
    name = StrictCharField(label=_("Your name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailField()
    phone = PhoneField(required=False, help_text=_("You can sign in with it too."))
    password = PasswordField(autocomplete="new-password", help_text=_("At least 12 characters."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            person = User(name=given.get("name", ""), email=given.get("email", ""), phone=given.get("phone"))
            self.judge_password(given["password"], person, "password")
        return given


class JoinForm(NewPasswordMixin):
    """An invited person chooses a password."""

    password = PasswordField(label=_("Choose a password"), autocomplete="new-password", help_text=_("At least 12 characters."))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            self.judge_password(given["password"], self.person, "password")
        return given


class PersonForm(forms.Form):
    """Somebody is invited; the roles are those of the organisation's kind."""

    name = StrictCharField(label=_("Name"), max_length=NAME_LENGTH)
    email = EmailField(help_text=_("The invitation goes to this address."))
    phone = PhoneField(required=False)
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(kind)
        self.order_fields(["name", "email", "phone", "role", "language"])


class OrganisationForm(forms.Form):
    """The platform adds an organisation with its first person."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_LABELS.items()))
    name = StrictCharField(label=_("Name of the organisation"), max_length=COMPANY_LENGTH)
    code = forms.RegexField(
        r"^[A-Z0-9]{3,12}$",
        label=_("Code"),
        required=False,
        help_text=_("3 to 12 capital letters and digits; left empty, one is made."),
        error_messages={"invalid": _("Write 3 to 12 capital letters A–Z and digits.")},
    )
    credit_code = CreditCodeField(required=False)
    person_name = StrictCharField(label=_("First person: name"), max_length=NAME_LENGTH)
    email = EmailField(label=_("First person: e-mail"))
    phone = PhoneField(label=_("First person: mobile phone"), required=False)
    role = forms.ChoiceField(label=_("First person: role"), choices=list(ROLE_LABELS.items()))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class RoleForm(forms.Form):
    """Another role of the same organisation."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(kind)


class ReasonForm(forms.Form):
    """Why something is done that somebody may ask about later."""

    reason = StrictTextField(label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))


class MeForm(forms.Form):
    """What a person decides about his own account."""

    name = StrictCharField(label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PhoneField(required=False, help_text=_("You can sign in with it too."))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])

    def clean_phone(self) -> str | None:
        return self.cleaned_data["phone"] or None


class KeyForm(forms.Form):
    """A program gets a key."""

    name = StrictCharField(label=_("What is the key for?"), max_length=60)
    scopes = forms.MultipleChoiceField(label=_("What may the program do?"), choices=[(scope, scope) for scope in SCOPES])
    days = StrictIntegerField(label=_("Days until it expires"), least=1, most=365, initial=90)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role

    def areas(self) -> Iterator[tuple[str, Any, dict[str, bool | None]]]:
        """Return for every area of use to this role its name and its scopes: ticked, not ticked, or of no use."""
        useful, ticked = scopes_of(self.role), self.data.getlist("scopes") if self.is_bound else []  # type: ignore[attr-defined]
        for area, label in AREA_LABELS.items():
            scopes = {f"{area}:{deed}": f"{area}:{deed}" in ticked for deed in ("read", "write")}
            if useful & scopes.keys():
                yield area, label, {scope: on if scope in useful else None for scope, on in scopes.items()}


class OrganisationFilter(forms.Form):
    """Narrows the list of people."""

    q = StrictCharField(label=_("Search"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KIND_LABELS.items()])


def role_field(kind: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Role"), choices=role_choices(ROLES_OF[Kind(kind)]))


def role_choices(roles: Iterable[Role]) -> list[tuple[str, Any]]:
    """Return roles with their names, in the order in which they stand in the code."""
    return [(role, label) for role, label in ROLE_LABELS.items() if role in roles]


def scopes_of(role: str) -> frozenset[str]:
    """Return the scopes that open anything at all to this role."""
    return frozenset(
        scope for route, methods in ACCESS.items() for method, who in methods.items() if role in who and (scope := scope_of(route, method))
    )
