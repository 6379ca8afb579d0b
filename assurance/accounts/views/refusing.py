"""How a page shows what an action refused: beside the field where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

    from assurance.refusals import Refused


def refused_at(
    request: HttpRequest, form: BaseForm, refused: Refused, template: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Return the form again with the sentence at its field.

    :raises Refused: when it names no field of this form; the middleware answers then
    """
    if refused.field not in form.fields:
        raise refused
    form.add_error(refused.field, str(refused))
    return render(request, template, {"form": form} | (context or {}), status=422)
