"""What the style guide shows: every part of a page with data as it looks in a working day. Never on a real system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.utils.translation import get_language

from assurance import states

if TYPE_CHECKING:
    from django.db.models import Field

PAGES: Final = ("parts", "floor", "public")
NOW: Final = datetime(2026, 11, 22, 23, 12, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def both(chinese: str, english: str) -> str:
    """Return the sample sentence in the reader's language; samples are no messages of the product."""
    return english if get_language() == "en" else chinese


@dataclass(frozen=True)
class Shown:
    """One value of a state column, as the guide lists it."""

    word: str
    dress: states.Dress


class SampleForm(forms.Form):
    """A form with every kind of control, filled in wrongly."""

    credit_code = forms.CharField()
    lot = forms.CharField(required=False)
    units = forms.IntegerField(widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    price = forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    made = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    category = forms.ChoiceField()
    remedy = forms.ChoiceField(widget=forms.RadioSelect)
    proofs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    certificate = forms.FileField(required=False)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "sample-%s"
        labels = {
            "credit_code": both("统一社会信用代码", "Unified social credit code"),
            "lot": both("批号", "Lot"),
            "units": both("件数", "Units"),
            "price": both("售价", "Price"),
            "made": both("生产日期", "Made on"),
            "category": both("类目", "Category"),
            "remedy": both("处理方式", "Remedy"),
            "proofs": both("依据", "Grounds"),
            "certificate": both("生产许可证", "Production licence"),
            "reason": both("理由", "Reason"),
            "agreed": both("我已看过费用和检验项目", "I have read the fees and the tests"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["lot"].help_text = both("照包装上印的写，区分大小写", "As printed on the pack, capitals matter")
        self.fields["certificate"].help_text = both("PDF 或照片，不超过 20 MB", "PDF or photo, up to 20 MB")
        category, remedy, proofs = self.fields["category"], self.fields["remedy"], self.fields["proofs"]
        category.choices = numbered(both("个护清洁", "Personal care"), both("粮油干货", "Grain and oil"))  # type: ignore[attr-defined]
        remedy.choices = numbered(both("仅退款", "Refund"), both("退货退款", "Return"), both("补发", "Resend"))  # type: ignore[attr-defined]
        proofs.choices = numbered(both("复检 50 支，7 支不足", "Re-check: 7 of 50 fail"), both("买家照片 3 张", "3 photos"))  # type: ignore[attr-defined]


def numbered(*words: str) -> list[tuple[str, str]]:
    return [(str(number), word) for number, word in enumerate(words, 1)]


def sample_form() -> SampleForm:
    """Return the form as it comes back with errors."""
    given = {"credit_code": "91330109MA2KD00X1", "lot": "HJ260918A", "units": "6000", "price": "59.90", "made": "2026-09-18"}
    reason = both("封口不足属生产原因", "Weak seals come from production")
    form = SampleForm(given | {"category": "1", "remedy": "1", "proofs": ["1"], "agreed": "on", "reason": reason})
    form.is_valid()
    form.add_error("credit_code", both("应有 18 位，现在 17 位。", "18 characters are expected, 17 were given."))
    form.add_error("reason", both("还要写明平台为什么承担 20%。", "Also say why the platform bears 20%."))
    return form


def every_state() -> list[tuple[str, list[Shown]]]:
    """Return all state columns with their values, worded by the models' choices."""
    found = []
    for column, values in states.STATES.items():
        app, model, name = column.split(".")
        try:
            field: Field[Any, Any] = apps.get_model(app, model)._meta.get_field(name)
        except (LookupError, FieldDoesNotExist):
            continue
        words = dict(field.flatchoices)
        found.append((column, [Shown(str(words.get(value, value)), dress) for value, dress in values.items()]))
    return found


def timeline() -> list[dict[str, object]]:
    """Return one lot's way, as a case sees it."""
    words = {
        "wait": both("入仓检验|接收|n 125，严重类 1，Ac 5", "Inbound check|Accepted|n 125, major 1, Ac 5"),
        "hold": both("买家|管尾渗漏，外箱完好|3 张照片", "Buyer|Tube leaks, box intact|3 photos"),
        "stop": both("批次|同批第 9 起，自动暂停|余 1,214 支停发", "Lot|9th case of the lot, stopped by rule|1,214 units held back"),
        "fail": both("复检|50 支中 7 支封口强度不足|缺陷率 5.8% 至 26.7%", "Re-check|7 of 50 seals too weak|Defect rate 5.8% to 26.7%"),
    }
    found = []
    for days, (tone, line) in zip((29, 3, 2, 1), words.items(), strict=True):
        kind, title, text = line.split("|")
        found.append({"tone": tone, "at": NOW - timedelta(days=days, hours=days % 7), "kind": kind, "title": title, "text": text})
    return found


def steps(now: int, mark: str = "now") -> list[dict[str, str]]:
    """Return the five steps of an enrolment; ``now`` is the current one, from 1."""
    words = both("填资料|看费用|审核|签协议|入仓", "Details|Fees|Review|Agreement|Arrival").split("|")
    return [{"label": word, "mark": "done" if n < now else mark if n == now else "todo"} for n, word in enumerate(words, 1)]


def guide_context(page: str) -> dict[str, object]:
    """Return everything the guide's templates show."""
    run = {
        "pk": 1,
        "label": both("导入订单", "Import of orders"),
        "done": 6120,
        "total": 9800,
        "errors": 14,
        "is_open": True,
        "ends_in": 40,
    }
    run |= {"url": "", "cancel_url": "#", "errors_url": "#", "result_url": ""}
    done = run | {"pk": 2, "done": 9800, "is_open": False, "result_url": "#"}
    return {
        "zh": get_language() != "en",
        "page": page,
        "pages": PAGES,
        "columns": every_state(),
        "tones": states.ICONS,
        "form": sample_form(),
        "entries": timeline(),
        "steps_done": steps(6),
        "steps_now": steps(3),
        "steps_back": steps(3, "back"),
        "steps_first": steps(1),
        "run": run,
        "run_done": done,
        "numbers": Paginator(range(2048), 24).page(7),
        "now": NOW,
        "soon": NOW + timedelta(hours=41),
        "due": NOW + timedelta(hours=5, minutes=18),
        "late": NOW - timedelta(minutes=12),
        "amount": Decimal("12846.30"),
        "minus": Decimal("-59.90"),
    }
