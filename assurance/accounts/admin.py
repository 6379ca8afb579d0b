"""Who takes part, in the back office: persons masked, no digest of a key."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.accounts.masking import masked_email, masked_name, masked_phone
from assurance.accounts.models import ApiKey, Invitation, Organisation, User

back_office.MASKS[User] = {"name": masked_name, "email": masked_email, "phone": masked_phone}


class OrganisationTable(back_office.Shown):
    noun, nouns = _("organisation"), _("organisations")
    columns = ("code", "name", "kind", "is_active", "created_at")
    rows = ("name_en", "credit_code")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name", "credit_code")


class UserTable(back_office.Shown):
    noun, nouns = _("member"), _("members")
    columns = ("name", "organisation", "role", "email", "phone", "is_active", "created_at")
    rows = ("language", "timezone")
    list_filter = ("role", "is_active")
    search_fields = ("organisation__code", "organisation__name")


class ApiKeyTable(back_office.Shown):
    noun, nouns = _("API key"), _("API keys")
    columns = ("prefix", "organisation", "user", "name", "expires_at", "revoked_at", "last_used_at")
    rows = ("scopes", "created_at")
    search_fields = ("prefix",)


class InvitationTable(back_office.Shown):
    noun, nouns = _("invitation"), _("invitations")
    columns = ("user", "organisation", "purpose", "made_by", "made_at", "expires_at", "used_at", "withdrawn_at")
    list_filter = ("purpose",)


back_office.tables([(Organisation, OrganisationTable), (User, UserTable), (ApiKey, ApiKeyTable), (Invitation, InvitationTable)])
