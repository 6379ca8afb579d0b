"""One scan says which goods, which lot and until when: no database."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.stock.gs1 import Scanned, Unreadable, printable, read

WHOLE = Scanned("06901234567892", "HJ261105B", date(2029, 11, 4), date(2026, 11, 5), 40, is_gs1=True)


@pytest.mark.row("P3.3")
class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "0106901234567892112611051729110410HJ261105B\x1d3740",
            "]d20106901234567892112611051729110410HJ261105B<GS>3740",
            "(01)06901234567892(11)261105(17)291104(10)HJ261105B(37)40",
            "https://id.gs1.org/01/06901234567892/10/HJ261105B?17=291104&11=261105&37=40",
            "0206901234567892112611051729110410HJ261105B{GS}3740",
        ],
    )
    def test_fills_goods_lot_dates_and_units(self, text: str) -> None:
        assert read(printable(text)) == WHOLE

    @pytest.mark.parametrize("text", ["6901234567892", "06901234567892", "HJ-120", "01-ABC"])
    def test_leaves_plain_codes_as_they_are(self, text: str) -> None:
        assert read(text) == Scanned(text)

    def test_takes_best_before_where_there_is_no_expiry(self) -> None:
        assert read("010690123456789215291100").expires == date(2029, 11, 30)

    @pytest.mark.parametrize(
        ("text", "gtin"),
        [
            ("010690123456789317291104", "06901234567893"),  # the last digit does not fit
            ("https://id.gs1.org/01/06901234567893/10/X", "06901234567893"),
            ("010690123456789217291304", ""),  # no thirteenth month
            ("(01)06901234567892(17)2911", ""),
            ("https://example.com/wuyou", ""),
        ],
    )
    def test_refuses_what_is_wrong(self, text: str, gtin: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read(text)
        assert caught.value.gtin == gtin
