"""Types for checking only."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from assurance.accounts.models import User


class SignedIn(HttpRequest):
    """A request that the access table lets only signed-in people make."""

    user: User
    htmx: HtmxDetails


class SignedInRequest(Request):
    """The same, of a program or a script."""

    user: User
