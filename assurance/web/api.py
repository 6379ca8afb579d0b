"""The door every address of the API goes through."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from assurance.web import idempotency
from assurance.web.actions import once
from assurance.web.idempotency import Reply
from assurance.web.parsers import BODY_LIMIT, check_coding, check_parts, check_size
from assurance.web.problems import Flaw, of_flaws
from assurance.web.rejection import Rejection
from assurance.web.serializers import NoInput
from assurance.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model, QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Door(GenericViewSet):
    """Finds through ``visible_to``, reads strictly, runs a keyed write once, answers by the error contract.

    ``inputs`` names the serializer of each writing action; one that is not named takes no body. ``outputs`` names the
    serializer of an action whose answer differs from ``serializer_class``. ``filterset_class`` is a ``StrictFilterSet``;
    ``orderings`` maps public names to columns. A view calls :meth:`accepted`, one action, and :meth:`shown`.
    """

    queryset: QuerySet[Any]
    inputs: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    outputs: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    orderings: ClassVar[Mapping[str, str]] = {}
    default_ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    body_limit: ClassVar[int] = BODY_LIMIT
    lookup_value_regex = "[0-9]{1,18}"

    # --- finding ---

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the asker may see; a view narrows it or selects related rows, never widens it."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.model._default_manager.visible_to(self.request.user)

    def get_object(self) -> Any:
        """Return the row in the path; one that the asker may not see is not there."""
        key = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        found = get_object_or_404(self.get_queryset(), **{self.lookup_field: key})
        self.check_object_permissions(self.request, found)
        return found

    # --- reading ---

    def accepted(self) -> dict[str, Any]:
        """Return the validated body of the current action.

        :raises ValidationError: rendered by the error contract
        """
        reader = self.input_class()(data=self.request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def input_class(self) -> type[BaseSerializer[Any]]:
        return self.inputs.get(self.action, NoInput)

    def operation_id(self) -> str:
        """Return the name of the current action in the description of the API."""
        noun = self.basename or type(self).__name__.removesuffix("Views").lower()
        return f"{noun}_{self.action}".replace("-", "_")

    # --- answering ---

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.outputs.get(self.action) or super().get_serializer_class()

    def shown(self, found: Model | object, status: int = 200) -> Response:
        """Answer with one thing."""
        return Response(self.get_serializer(found).data, status=status)

    def created(self, made: Model) -> Response:
        """Answer 201 with the new thing and where it lives."""
        response = self.shown(made, status=201)
        kwarg = self.lookup_url_kwarg or self.lookup_field
        route = ":".join([*self.request.resolver_match.namespaces, f"{self.basename}-detail"])  # type: ignore[union-attr]
        response.headers["Location"] = reverse(route, kwargs={kwarg: getattr(made, self.lookup_field)})
        return response

    # --- the way in ---

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        if request.method not in READS:
            check_size(request, self.body_limit)
            check_coding(request, request.content_type)
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)

    def check_parameters(self, request: Request) -> None:
        """Refuse query parameters that this address does not have; somebody meant something by them."""
        unknown = sorted(set(request.query_params) - self.known_parameters())
        if unknown:
            raise Rejection(of_flaws([Flaw("unknown_parameter", sentence("unknown_parameter"), name) for name in unknown]))

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        filters = getattr(self, "filterset_class", None)
        pages = {"page", "page_size"} if self.pagination_class else set()
        return {"ordering"} | pages | set(filters.base_filters if filters else ())

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Do what the framework does, with a keyed write run once."""
        self.args, self.kwargs = args, kwargs
        request = self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            response = self.handled(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  the error contract decides; what it does not know is raised again
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, cast(Response, response), *args, **kwargs)
        return self.response

    def handled(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = getattr(self, str(request.method).lower())
        if request.method in READS:
            return handler(request, *args, **kwargs)
        if isinstance(request.data, QueryDict):
            check_parts(request)
        reply, repeated = once(
            principal=_principal(request),
            key=idempotency.check_key(request.headers.get(idempotency.HEADER)),
            request_hash=_digest(request),
            at=timezone.now(),
            run=lambda: self.run(handler, request, *args, **kwargs),
        )
        return _response(reply, repeated=repeated)

    def run(self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Reply:
        """Do what was asked. A verb without a body refuses unknown fields here, so that no view can forget it."""
        if self.action not in self.inputs:
            self.accepted()
        return self.rendered(handler(request, *args, **kwargs))

    def rendered(self, response: Any) -> Reply:
        """Return the answer as bytes, while the transaction is still open."""
        if not 200 <= response.status_code < 300:
            raise TypeError("a view refuses by raising, so that what it wrote is rolled back")
        response = self.finalize_response(self.request, response)
        content = response.render().content if hasattr(response, "render") else response.content
        headers = response.headers
        return Reply(response.status_code, headers.get("Content-Type", ""), headers.get("Location", ""), content)


class ReadingDoor(ListModelMixin, RetrieveModelMixin, Door):
    """A door that lists and shows."""


def _principal(request: Request) -> str:
    """Return whom a kept answer belongs to; where nobody need sign in, it belongs to the address that asked."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"at:{request.META.get('REMOTE_ADDR', '')}"


def _digest(request: Request) -> bytes:
    files = {name: _sum(file) for name, file in request.FILES.items()}
    body = {name: value for name, value in cast(dict[str, Any], request.data).items() if name not in files}
    return idempotency.digest(method=str(request.method), path=request.get_full_path(), body=body, files=files)


def _sum(file: UploadedFile) -> bytes:
    summed = hashlib.sha256()
    for chunk in file.chunks():
        summed.update(chunk)
    file.seek(0)
    return summed.digest()


def _response(reply: Reply, *, repeated: bool) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status, content_type=reply.content_type or None)
    if not reply.content_type:
        del response.headers["Content-Type"]
    if reply.location:
        response.headers["Location"] = reply.location
    if repeated:
        response.headers[idempotency.REPLAYED] = "true"
    return response
