"""Certificates and claims on a phone: the merchant hands in what is missing and what he says, the reviewer looks at both and objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from assurance.certificates.models import Certificate
from assurance.claims.models import Claim
from tests import certificates, documents, enrolments
from tests.harness.browser import Window, arrived, barriers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

PHONE = 390


def looks_well(page: Page) -> bool:
    arrived(page)
    assert (page.evaluate("document.documentElement.scrollWidth - innerWidth"), barriers(page)) == (0, [])
    return True


@pytest.mark.long
@pytest.mark.row("P2.2", "P1.2", "A2.3")
@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.exhaustive)])
def test_what_proves_a_product_goes_from_the_merchants_phone_to_the_reviewers(
    browser: Browser, live_server, amal: User, dana: User, language: str
) -> None:
    enrolments.load_categories()
    draft = enrolments.draft(amal, proven=False)
    window = Window(browser, live_server.url, width=PHONE, language=language)
    check, review = (reverse(f"enrollment:{name}", args=[draft.pk]) for name in ("check", "review"))

    page = window.show(amal, check)
    assert looks_well(page)
    assert page.locator("form.w-form button[disabled]").count() == 1
    page.click("a[href*='kind=cosmetics_filing']")
    arrived(page)
    assert (page.input_value("#id_kind"), page.is_checked(f"input[name=products][value='{draft.product_id}']")) == (
        "cosmetics_filing",
        True,
    )
    for name, value in certificates.values(amal).items():
        if value and name != "kind":
            page.fill(f"#id_{name}", str(value))
    script = documents.with_catalogue(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    page.set_input_files("#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": script})
    page.click("form.w-form .w-btn-main")
    page.wait_for_selector("#id_file[aria-invalid=true]")
    assert looks_well(page)
    page.set_input_files("#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": certificates.pdf()})
    page.click("form.w-form .w-btn-main")
    page.wait_for_url(re.compile(r"/certificates/\d+/$"))
    assert looks_well(page)

    certificate = Certificate.objects.get()
    page = window.show(dana, reverse("certificates:show", args=[certificate.pk]))
    assert looks_well(page)
    page.click("button[value=verify]")
    page.wait_for_load_state()

    page = window.show(amal, reverse("claims:create", args=[draft.product_id]))
    page.select_option("#id_kind", "efficacy")
    page.fill("#id_text", "泡沫细腻，洗后不紧绷")
    page.click("form.w-form .w-btn-main")
    page.wait_for_url(re.compile(r"/claims/\d+/$"))
    claim = Claim.objects.get()
    page.select_option("#id_basis", "certificate")
    page.select_option("#id_certificate", str(certificate.pk))
    assert looks_well(page)
    page.click("form[action$='/attach/'] .w-btn-main")
    page.locator("section[aria-labelledby=evidence] li", has_text=certificate.number).wait_for()
    page = window.show(amal, check)
    assert looks_well(page)
    page.click("form.w-form .w-btn-main")
    page.wait_for_url(re.compile(r"/enrolments/\d+/$"))

    page = window.show(dana, review)
    page.click("form[action$='/claim/'] button")
    arrived(page)
    objection = page.locator("li.w-review", has_text=claim.code)
    objection.locator("summary").click()
    objection.locator("select").select_option("not_proven")
    assert looks_well(page)
    page.click(f"button[formaction='{reverse('enrollment:return-for-changes', args=[draft.pk])}']")
    page.wait_for_url("**" + reverse("enrollment:queue"))

    page = window.show(amal, reverse("enrollment:edit", args=[draft.pk]))
    assert looks_well(page)
    page.click(f"text={claim.code}")
    page.wait_for_url("**" + reverse("claims:show", args=[claim.pk]))
    window.close()
