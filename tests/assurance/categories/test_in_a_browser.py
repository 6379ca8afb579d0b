"""The rules of a category in a real browser: one administrator writes, the other accepts the list, the merchant reads what is demanded."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from assurance.products.models import Category, CategoryVersion
from assurance.roles import Role
from tests import enrolments, factories, goods
from tests.harness.browser import barriers, windows


@pytest.fixture
def window(browser, live_server):
    with windows(browser, live_server.url) as open_as:
        yield open_as


@pytest.mark.long
@pytest.mark.row("A1.2")
@pytest.mark.parametrize(
    ("language", "width", "words"),
    [
        ("en", 390, {"save": "Save the draft", "activate": "Activate"}),
        pytest.param("zh-hans", 1280, {"save": "保存草稿", "activate": "启用"}, marks=pytest.mark.exhaustive),
    ],
)
def test_leads_from_the_draft_to_what_the_merchant_reads(window, eve, amal, language, width, words):
    enrolments.load_categories()
    frank = factories.user(Role.PLATFORM_ADMIN, eve.organisation, name="方克")
    toys = Category.objects.get(code="toys")
    goods.enrolled(amal.organisation, category=toys, name="积木", name_en="Blocks")
    page = window(frank, reverse("categories:draft", args=["toys"]), language=language, width=width)
    assert barriers(page) == []
    page.fill("[name=badge_days]", "60")
    page.fill("[name=note]", "玩具新规")
    page.get_by_role("button", name=words["save"]).click()
    page.wait_for_url(re.compile(r"/categories/versions/\d+/$"))
    assert (barriers(page), page.locator("[name=accepts]").count()) == ([], 0)

    version = CategoryVersion.objects.get(state="draft")
    page = window(eve, reverse("categories:version", args=[version.pk]), language=language, width=width)
    assert page.get_by_text("积木" if language == "zh-hans" else "Blocks").count() == 1
    page.check("[name=accepts]")
    assert barriers(page) == []
    page.get_by_role("button", name=words["activate"], exact=True).click()
    page.wait_for_url(re.compile(r"/categories/versions/\d+/$"))
    version.refresh_from_db()
    assert (version.state, version.accepted_count) == ("active", 1)

    for path in (reverse("categories:list"), reverse("categories:show", args=["toys"])):
        assert barriers(window(amal, path, language=language, width=width, theme="dark")) == []
