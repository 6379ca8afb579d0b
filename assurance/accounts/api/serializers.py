"""People, organisations, sessions and keys as JSON."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as Judged
from django.core.validators import validate_email
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.accounts import lifecycle, queries
from assurance.accounts.credit_codes import credit_code
from assurance.accounts.fields import LONGEST_EMAIL, LONGEST_PASSWORD
from assurance.accounts.forms import COMPANY_LENGTH, NAME_LENGTH, REASON_LENGTH
from assurance.accounts.models import KIND_LABELS, LANGUAGES, ROLE_LABELS, ApiKey, Organisation, User
from assurance.accounts.phones import phone
from assurance.accounts.scopes import SCOPES
from assurance.accounts.zones import ZONES
from assurance.web.serializers import (
    MomentField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
    judged,
    refuse,
)

ROLES = list(ROLE_LABELS.items())


# --- fields -------------------------------------------------------------------------------------------------------
class PhoneField(StrictTextField):
    """A telephone number; given back in E.164."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=32, **kwargs)

    def to_internal_value(self, data: object) -> str:
        return judged(phone, super().to_internal_value(data))


class CreditCodeField(StrictTextField):
    """A unified social credit code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: object) -> str:
        given = super().to_internal_value(data)
        return judged(credit_code, given) if given else ""


class EmailField(StrictTextField):
    """An e-mail address, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_EMAIL, **kwargs)

    def to_internal_value(self, data: object) -> str:
        given = super().to_internal_value(data).lower()
        try:
            validate_email(given)
        except Judged:
            raise refuse("email_format") from None
        return given


class PasswordField(serializers.Field[str, Any, str, Any]):
    """A password: any characters, never given back."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(write_only=True, **kwargs)

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise refuse("text_expected")
        if len(data) > LONGEST_PASSWORD:
            raise refuse("too_long", max=LONGEST_PASSWORD)
        return data

    def described(self) -> dict[str, Any]:
        return {"type": "string", "format": "password", "minLength": 12, "maxLength": LONGEST_PASSWORD}


def judge_password(password: str, person: User) -> None:
    """:raises ValidationError: at the field ``password``"""
    try:
        validate_password(password, person)
    except Judged as error:
        flaws = [serializers.ErrorDetail(message, str(flaw.code)) for flaw in error.error_list for message in flaw.messages]
        raise serializers.ValidationError({"password": flaws}) from None


# --- in -----------------------------------------------------------------------------------------------------------
class RegistrationIn(StrictSerializer):
    company = StrictTextField(max_length=COMPANY_LENGTH)
    credit_code = CreditCodeField()
    name = StrictTextField(max_length=NAME_LENGTH)
    email = EmailField()
    phone = PhoneField(required=False, allow_null=True, default=None)
    password = PasswordField()
    language = StrictChoiceField(choices=LANGUAGES, default="zh-hans")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        judge_password(attrs["password"], User(name=attrs["name"], email=attrs["email"], phone=attrs["phone"]))
        return attrs


class AcceptIn(StrictSerializer):
    token = StrictTextField(max_length=200)
    password = PasswordField(required=False, default=None)


class MeIn(StrictSerializer):
    """What is left out stays as it is."""

    name = StrictTextField(max_length=NAME_LENGTH, required=False)
    phone = PhoneField(required=False, allow_null=True)
    language = StrictChoiceField(choices=LANGUAGES, required=False)
    timezone = StrictChoiceField(choices=[(zone, zone) for zone in ZONES], required=False)


class PersonIn(StrictSerializer):
    organisation: Any = VisibleField(Organisation, by="code")
    name = StrictTextField(max_length=NAME_LENGTH)
    email = EmailField()
    phone = PhoneField(required=False, allow_null=True, default=None)
    role = StrictChoiceField(choices=ROLES)
    language = StrictChoiceField(choices=LANGUAGES, default="zh-hans")


class OrganisationIn(StrictSerializer):
    kind = StrictChoiceField(choices=list(KIND_LABELS.items()))
    name = StrictTextField(max_length=COMPANY_LENGTH)
    code = StrictTextField(max_length=12, allow_blank=True, default="")
    credit_code = CreditCodeField(allow_blank=True, default="")
    person_name = StrictTextField(max_length=NAME_LENGTH)
    email = EmailField()
    phone = PhoneField(required=False, allow_null=True, default=None)
    role = StrictChoiceField(choices=ROLES)
    language = StrictChoiceField(choices=LANGUAGES, default="zh-hans")

    def validate_code(self, code: str) -> str:
        if code and not (3 <= len(code) <= 12 and code.isascii() and code.isalnum() and code == code.upper()):
            raise refuse("code_format")
        return code


class RoleIn(StrictSerializer):
    role = StrictChoiceField(choices=ROLES)


class ReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=REASON_LENGTH, several_lines=True)


class KeyIn(StrictSerializer):
    name = StrictTextField(max_length=60)
    scopes = StrictListField(child=StrictChoiceField(choices=[(scope, scope) for scope in SCOPES]), most=len(SCOPES), allow_empty=False)
    days = StrictIntegerField(least=1, most=365)


# --- out ----------------------------------------------------------------------------------------------------------
class MeOut(serializers.Serializer[User]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(choices=ROLES)
    organisation = serializers.CharField(source="organisation.code")
    language = serializers.ChoiceField(choices=LANGUAGES)
    timezone = serializers.CharField()


class MemberOut(serializers.Serializer[User]):
    """A person as the asker may see him: masked unless he is of the asker's own organisation."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation.code")
    role = serializers.ChoiceField(choices=ROLES)
    language = serializers.ChoiceField(choices=LANGUAGES)
    standing = serializers.SerializerMethodField()
    has_second_factor = serializers.BooleanField()
    created_at = MomentField()
    name = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    is_masked = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": list(lifecycle.Standing)})
    def get_standing(self, person: Any) -> str:
        return lifecycle.standing(is_active=person.is_active, is_invited=person.is_invited)

    def get_name(self, person: User) -> str:
        return self._shown(person).name

    def get_email(self, person: User) -> str:
        return self._shown(person).email

    def get_phone(self, person: User) -> str:
        return self._shown(person).phone

    def get_is_masked(self, person: User) -> bool:
        return self._shown(person).is_masked

    def _shown(self, person: User) -> queries.Shown:
        return queries.shown(person, to=self.context["request"].user)


class RevealedOut(serializers.Serializer[User]):
    """A person in clear; that it was looked at is written down."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField(allow_null=True)


class OrganisationOut(serializers.Serializer[Organisation]):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(KIND_LABELS.items()))
    name = serializers.CharField()
    name_en = serializers.CharField()
    credit_code = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = MomentField()


class SessionOut(serializers.Serializer[queries.OpenSession]):
    handle = serializers.CharField()
    started_at = MomentField()
    seen_at = MomentField()
    place = serializers.CharField()
    agent = serializers.CharField()
    is_this = serializers.BooleanField()


class KeyOut(serializers.Serializer[ApiKey]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = MomentField()
    expires_at = MomentField()
    revoked_at = MomentField(allow_null=True)
    last_used_at = MomentField(allow_null=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)


class NewKeyOut(KeyOut):
    """A key just made. ``credential`` is there in the first answer only; a repetition of the request says null."""

    credential = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"], "example": "wy_k3x9m2q7ap_…"})
    def get_credential(self, key: ApiKey) -> None:
        return None


class Taken(serializers.Serializer[Any]):
    """What registering answers, whether or not the address had an account."""

    email = serializers.CharField()
    next = serializers.CharField()
