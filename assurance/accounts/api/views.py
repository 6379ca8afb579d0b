"""The API of people, organisations, sessions and keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, cast

from allauth.core import ratelimit
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.response import Response

from assurance.accounts import queries
from assurance.accounts.actions import keys, people, preferences, registration, sign_in
from assurance.accounts.api import serializers
from assurance.accounts.links import invitation_id
from assurance.accounts.models import ApiKey, Invitation, Organisation, User
from assurance.web.api import Door, ReadingDoor
from assurance.web.serializers import refuse

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from assurance.accounts.types import SignedInRequest

WAIT_SECONDS = 900


class RegistrationViews(Door):
    """Merchants register themselves."""

    queryset = Organisation.objects.none()
    inputs: ClassVar = {"create": serializers.RegistrationIn}

    @extend_schema(responses={202: serializers.Taken})
    def create(self, request: Request) -> Response:
        """Register a merchant and its owner. The answer is the same whether or not the address has an account."""
        if not ratelimit.consume(request._request, action="signup"):
            raise Throttled(WAIT_SECONDS)
        given = self.accepted()
        registration.register_merchant(at=timezone.now(), **given)
        return Response({"email": given["email"], "next": _("Open the link that was mailed to this address.")}, status=202)


class InvitationViews(Door):
    """Links that were mailed."""

    queryset = Invitation.objects.none()
    inputs: ClassVar = {"accept": serializers.AcceptIn}

    @extend_schema(responses={204: None})
    @action(detail=False, methods=["post"])
    def accept(self, request: Request) -> Response:
        """Come in by the token of a link, with a password if one was not chosen before."""
        given = self.accepted()
        pk = invitation_id(given["token"])
        found = Invitation.objects.select_related("user").filter(pk=pk).first() if pk else None
        if found is None:
            raise Http404
        password = given["password"]
        if found.purpose == Invitation.Purpose.JOIN:
            if not password:
                raise ValidationError({"password": refuse("required").detail})
            serializers.judge_password(password, found.user)
        registration.accept_invitation(invitation_id=found.pk, password=password, at=timezone.now())
        return Response(status=204)


class MeViews(Door):
    """One's own account."""

    queryset = User.objects.none()
    serializer_class = serializers.MeOut
    inputs: ClassVar = {"change": serializers.MeIn}

    def look(self, request: SignedInRequest) -> Response:
        """Who am I?"""
        return self.shown(request.user)

    def change(self, request: SignedInRequest) -> Response:
        """Change one's own name, phone, language or time zone."""
        return self.shown(preferences.change_me(actor=request.user, at=timezone.now(), **self.accepted()))


class SessionViews(Door):
    """Where one is signed in."""

    queryset = User.objects.none()
    serializer_class = serializers.SessionOut
    pagination_class = None
    lookup_value_regex = "[0-9a-f]{24}"

    @extend_schema(responses=serializers.SessionOut(many=True))
    def list(self, request: SignedInRequest) -> Response:
        """One's own open sessions."""
        found = queries.open_sessions(request.user, at=timezone.now(), this=request.session.session_key)
        return Response(serializers.SessionOut(found, many=True).data)  # type: ignore[arg-type]

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: SignedInRequest, pk: str) -> Response:
        """Sign out in one browser."""
        if not sign_in.end_session(handle=pk, actor=request.user, at=timezone.now()):
            raise Http404
        return Response(status=204)

    @extend_schema(responses={204: None})
    @action(detail=False, methods=["post"], url_path="end-others")
    def end_others(self, request: SignedInRequest) -> Response:
        """Sign out everywhere else."""
        sign_in.end_other_sessions(actor=request.user, at=timezone.now(), keep=request.session.session_key)
        return Response(status=204)


class KeyViews(ReadingDoor):
    """Keys of programs."""

    queryset = ApiKey.objects.none()
    serializer_class = serializers.KeyOut
    inputs: ClassVar = {"create": serializers.KeyIn}
    outputs: ClassVar = {"create": serializers.NewKeyOut, "rotate": serializers.NewKeyOut}
    secret: str | None = None

    def get_queryset(self) -> QuerySet[ApiKey]:
        found = super().get_queryset()
        return found if self.request.method == "GET" else found.filter(user_id=self.request.user.pk)

    @extend_schema(responses={201: serializers.NewKeyOut})
    def create(self, request: SignedInRequest) -> Response:
        """Make a key; its credential is in this answer and nowhere else."""
        key, self.secret = keys.make_key(actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(key, status=201)

    @action(detail=True, methods=["post"])
    def rotate(self, request: SignedInRequest, pk: str) -> Response:
        """Make a successor; both work for a day."""
        key, self.secret = keys.rotate_key(key_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(key)

    @action(detail=True, methods=["post"])
    def revoke(self, request: SignedInRequest, pk: str) -> Response:
        """End a key at once."""
        return self.shown(keys.revoke_key(key_id=self.get_object().pk, actor=request.user, at=timezone.now()))

    def handled(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The kept answer must not hold the credential: it is put in after the answer was kept."""
        response: Any = super().handled(request, *args, **kwargs)
        if self.secret:
            response.content = json.dumps(json.loads(response.content) | {"credential": self.secret})
            response.headers["Cache-Control"] = "no-store"
        return response


class MemberViews(ReadingDoor):
    """People of one's organisation; the platform sees all, masked."""

    queryset = User.objects.none()
    serializer_class = serializers.MemberOut
    inputs: ClassVar = {
        "create": serializers.PersonIn,
        "change_role": serializers.RoleIn,
        "deactivate": serializers.ReasonIn,
        "reactivate": serializers.ReasonIn,
        "remove_second_factor": serializers.ReasonIn,
        "reveal": serializers.ReasonIn,
    }
    outputs: ClassVar = {"reveal": serializers.RevealedOut}

    def get_queryset(self) -> QuerySet[User]:
        return super().get_queryset() if getattr(self, "swagger_fake_view", False) else queries.members(cast("User", self.request.user))

    @extend_schema(responses={201: serializers.MemberOut})
    def create(self, request: SignedInRequest) -> Response:
        """Invite a person; the link is mailed."""
        given = self.accepted()
        organisation = given.pop("organisation")
        person = people.invite_person(organisation_id=organisation.pk, actor=request.user, at=timezone.now(), **given)
        return self.created(self.get_queryset().get(pk=person.pk))

    @action(detail=True, methods=["post"], url_path="change-role")
    def change_role(self, request: SignedInRequest, pk: str) -> Response:
        """Give another role of the same organisation."""
        return self._done(people.change_role(**self._what()))

    @action(detail=True, methods=["post"])
    def deactivate(self, request: SignedInRequest, pk: str) -> Response:
        """Make a person nobody at once."""
        return self._done(people.deactivate(**self._what()))

    @action(detail=True, methods=["post"])
    def reactivate(self, request: SignedInRequest, pk: str) -> Response:
        """Let a person in again."""
        return self._done(people.reactivate(**self._what()))

    @action(detail=True, methods=["post"], url_path="invite-again")
    def invite_again(self, request: SignedInRequest, pk: str) -> Response:
        """Mail a new link; the old one dies."""
        what = self._what()
        people.invite_again(**what)
        return self._done(self.get_object())

    @action(detail=True, methods=["post"], url_path="remove-second-factor")
    def remove_second_factor(self, request: SignedInRequest, pk: str) -> Response:
        """Take away a lost second factor."""
        people.remove_second_factor(**self._what())
        return self._done(self.get_object())

    @action(detail=True, methods=["post"])
    def reveal(self, request: SignedInRequest, pk: str) -> Response:
        """Show a person's data in clear; the reason is kept with who looked."""
        return self.shown(people.reveal_person(**self._what()))

    def _what(self) -> dict[str, Any]:
        person_id = self.get_object().pk
        return {"person_id": person_id, "actor": self.request.user, "at": timezone.now(), **self.accepted()}

    def _done(self, person: User) -> Response:
        return self.shown(self.get_queryset().get(pk=person.pk))


class OrganisationViews(ReadingDoor):
    """Organisations that take part."""

    queryset = Organisation.objects.none()
    serializer_class = serializers.OrganisationOut
    inputs: ClassVar = {"create": serializers.OrganisationIn}
    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9]{3,24}"

    @extend_schema(responses={201: serializers.OrganisationOut})
    def create(self, request: SignedInRequest) -> Response:
        """Add an organisation with its first person, who is invited by mail."""
        return self.created(people.create_organisation(actor=request.user, at=timezone.now(), **self.accepted()))
