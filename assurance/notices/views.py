"""A person's notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assurance.notices import actions
from assurance.notices.models import Notice
from assurance.notices.wording import told
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def notice_list(request: SignedIn) -> HttpResponse:
    """List the reader's notices, newest first, all or the unread ones."""
    unread = request.GET.get("unread") == "1"
    mine = Notice.objects.visible_to(request.user)
    page = page_of(request, (mine.unread() if unread else mine).order_by("-id"))
    context = {"page": page, "told": [told(notice) for notice in page.object_list], "unread": unread, "today": timezone.localdate()}
    return render(request, "notices/_notice_rows.html" if request.htmx else "notices/notice_list.html", context)


@require_POST
def open_notice(request: SignedIn, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.mark_read(actor=request.user, at=timezone.now(), notice_ids=[notice.pk])
    return HttpResponseRedirect(notice.link or reverse("notices:list"))


@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_read(actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("notices:list"))
