"""A product file and the form that keeps itself, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from assurance.products.models import Product
from tests.harness.browser import OVER, arrived, barriers, windows
from tests.product_files import as_csv, row, work_off

if TYPE_CHECKING:
    pass


@pytest.fixture
def window(browser, live_server):
    with windows(browser, live_server.url) as open_as:
        yield open_as


@pytest.mark.long
@pytest.mark.row("P18.2")
class TestAProductFile:
    def test_is_sent_in_looked_at_and_imported_and_the_form_keeps_itself(self, window, amal, tmp_path):
        file = tmp_path / "七月新品.csv"
        file.write_bytes(as_csv([row(1), row(2, price="12,50"), row(3, gtin="6901234567891")], encoding="gb18030"))
        page = window(amal, reverse("imports:list"), width=1280, language="zh-hans")
        assert page.evaluate(OVER) <= 0
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="检查文件").click()
        page.wait_for_url("**/products/files/*/")
        work_off()
        page.get_by_role("button", name="导入 1 行").wait_for()
        assert (page.evaluate(OVER), barriers(page)) == (0, [])
        page.get_by_role("button", name="导入 1 行").click()
        page.get_by_text("导入中").first.wait_for()
        work_off()
        page.get_by_text("1 行已与文件一致。").wait_for()
        assert Product.objects.count() == 1

        phone = window(amal, reverse("products:create"), width=390, language="en")
        phone.locator("#id_name").fill("洁面乳")
        phone.locator("#id_gtin").press_sequentially("6901234567891")
        phone.get_by_text("The last digit should be 2").wait_for()
        phone.locator("[data-live]").wait_for()
        assert "check digit" in phone.locator("[data-live]").inner_text()
        phone.reload()
        arrived(phone)
        assert (phone.locator("#id_name").input_value(), phone.locator("#id_gtin").input_value()) == ("洁面乳", "6901234567891")
        assert (phone.evaluate(OVER), barriers(phone)) == (0, [])
