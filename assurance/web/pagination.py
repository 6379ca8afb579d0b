"""Cuts lists into pages; every list is cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import PageNumberPagination

from assurance.web.problems import problem
from assurance.web.rejection import Rejection

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.views import APIView

NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class StrictPagination(PageNumberPagination):
    """Pages are numbered from 1 in ASCII digits; a page holds at most 200 entries, more is cut to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = _("Entries on a page, 50 unless given; more than 200 is read as 200.")  # type: ignore[assignment]

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:  # noqa: ARG002  the framework's signature
        """:raises Rejection: no_such_page, invalid_filter"""
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        try:
            self.page = paginator.page(self.get_page_number(request, paginator))
        except EmptyPage:
            raise Rejection(problem("no_such_page")) from None
        return list(self.page)

    def get_page_number(self, request: Request, paginator: Paginator[Any]) -> int:  # noqa: ARG002  the framework's signature
        number = request.query_params.get("page", "1")
        if not NUMBER.fullmatch(number):
            raise Rejection(problem("no_such_page"))
        return int(number)

    def get_page_size(self, request: Request) -> int:
        size = request.query_params.get("page_size")
        if size is None:
            return self.page_size
        if not re.fullmatch(r"[1-9][0-9]*", size):
            raise Rejection(problem("invalid_filter", where="page_size"))
        return self.max_page_size if len(size) > 4 else min(int(size), self.max_page_size)


def page_of(request: HttpRequest, entries: QuerySet[Any], *, size: int = 24) -> Page[Any]:
    """Return the page of a list that an HTML page asks for by ``?page=``.

    :raises Http404: if there is no such page
    """
    number = request.GET.get("page", "1")
    if not NUMBER.fullmatch(number):
        raise Http404
    try:
        return Paginator(entries, size).page(int(number))
    except EmptyPage:
        raise Http404 from None
