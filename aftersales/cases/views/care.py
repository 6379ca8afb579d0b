"""What a buyer does without an account, behind a secret link."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from allauth.core import ratelimit
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.cases import actions, queries
from aftersales.cases.forms import AnswerForm, AskForm, RatingForm, ReasonForm
from assurance.accounts.views.entrance import slow_down

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aftersales.cases.models import Inquiry


def may_ask(request: HttpRequest, order_number: str) -> bool:
    """Count a request against the place it comes from and the order it names; say whether it is still welcome."""
    key = hashlib.sha256(order_number.encode()).hexdigest()
    return bool(ratelimit.consume(request, action="case_ask", key=key))


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a buyer's request. The answer is the same whether or not there is such an order."""
    form = AskForm(request.POST or None)
    if not form.is_valid():
        return render(request, "aftersales/cases/ask.html", {"form": form}, status=422 if form.is_bound else 200)
    if not may_ask(request, form.cleaned_data["order_number"]):
        return slow_down(request)
    token = actions.ask(**form.cleaned_data, at=timezone.now())
    return HttpResponseRedirect(reverse("cases:follow", args=[token]))


@never_cache
@require_GET
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a request stands."""
    return _page(request, token)


@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Write into one's case."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, token, status=422, answer_form=form)
    actions.answer(inquiry=_behind(token), body=form.cleaned_data["body"], at=timezone.now())
    return _back(token)


@require_POST
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    """Appeal against the decision, once."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, token, status=422, appeal_form=form)
    actions.object_to(inquiry=_behind(token), reason=form.cleaned_data["reason"], at=timezone.now())
    return _back(token)


@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Say how satisfied one is."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, token, status=422, rating_form=form)
    actions.rate(inquiry=_behind(token), at=timezone.now(), **form.cleaned_data)
    return _back(token)


def _behind(token: str) -> Inquiry:
    found = queries.inquiry_behind(actions.digest_of(token)) if len(token) <= 64 else None
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, token: str, *, status: int = 200, **bound: Any) -> HttpResponse:
    context = {
        "page": queries.buyer_page(_behind(token), at=timezone.now()),
        "token": token,
        "answer_form": AnswerForm(),
        "appeal_form": ReasonForm(),
        "rating_form": RatingForm(),
    }
    return render(request, "aftersales/cases/follow.html", context | bound, status=status)


def _back(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("cases:follow", args=[token]))
