"""What follows from the month: laboratory samples, cases, returns, bills, selections – some done, some waiting for somebody."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aftersales.cases import actions as cases
from aftersales.cases.actions import NewCase, Proposal, Said
from aftersales.signals import actions as signals
from assurance.accounts.models import Organisation
from assurance.catalog import actions as catalog
from assurance.catalog.models import CatalogEntry
from assurance.fees import actions as fees
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import FeeLine, Statement
from assurance.fees.months import month_of
from qc.checks.checkpoints import in_order
from qc.checks.queries import questions_for
from qc.labs import actions as labs
from qc.labs.models import LabResult, LabTest, Sample, SampleTest
from qc.returned import actions as returned
from qc.returned.actions import Disposal, ReturnCheck
from warehouse.orders.models import Parcel
from warehouse.returns import actions as returns
from warehouse.returns.actions import ArrivedReturn, ExpectedReturn, ScannedUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.story import Stage

HOUR: Final = timedelta(hours=1)
DRAWN: Final = 4
MEASURED: Final = {"Ω": "0.05", "mA": "0.20", "W": "305", "mAh": "5010", "g": "252", "%": "98.6"}
GOOD: Final = {"mg/kg": "<0.05", "CFU/g": "<10", "g/100g": "0.10", "mg/g": "0.5", "μg/kg": "<0.5", "g/kg": "ND", "": "6.2"} | MEASURED
"""What a good result of each reporting unit looks like."""
COMPLAINTS: Final = (
    ("damaged", "收到时瓶口渗漏，外箱完好", "洗面奶漏了小半瓶，纸盒都湿了，外面的箱子没事。"),
    ("quality", "开袋有哈喇味", "日期还很新鲜，打开就是一股哈喇味，孩子不敢吃。"),
    ("wrong_item", "少发一件", "下单两件只收到一件，面单上写的也是两件。"),
    ("late", "承诺四天，第七天才到", "说好四天内到，等到第七天，礼物都过期了。"),
    ("quality", "泵头按不出来", "新的按不动，换了手势也不行。"),
)


# --- laboratory ------------------------------------------------------------------------------------------------------
def sample_lots(stage: Stage) -> None:
    """Accredit the laboratory, bring one demanded sample through, and leave the drawn ones at every step of the way."""
    house = Organisation.objects.get(code="HDHZ")
    tests = sorted(set(LabTest.objects.values_list("code", flat=True)))
    scopes = [
        labs.ScopeTerms(
            lab_id=house.pk,
            test=code,
            mark="CMA+CNAS",
            accreditation="CNAS L10482",
            valid_from=date(2020, 1, 1),
            valid_until=date(2031, 12, 31),
            price=Decimal("80.00"),
            turnaround_days=5,
            capacity_per_week=60,
        )
        for code in tests
    ]
    labs.add_scopes(items=scopes, actor=stage.people["admin"], at=stage.ago(45))
    demanded = list(Sample.objects.filter(state="scheduled").order_by("pk"))
    send(stage, demanded, days_ago=8)
    judge(stage, demanded, days_ago=6)
    publish(stage, demanded, days_ago=5)
    drawing = labs.open_round(size=DRAWN, actor=stage.people["lead"], at=stage.ago(4))
    drawn = labs.draw_round(round_id=drawing.pk, actor=stage.people["lead"], at=stage.ago(3.9))
    send(stage, drawn[1:], days_ago=3.5, arrives=drawn[2:])
    judge(stage, drawn[2:], days_ago=1.5, confirms=drawn[3:])


def send(stage: Stage, samples: Sequence[Sample], *, days_ago: float, arrives: Sequence[Sample] | None = None) -> None:
    """Take, seal and send samples; those that arrive are received and opened."""
    lead, analyst = stage.people["lead"], stage.people["analyst"]
    if not samples:
        return
    labs.draw([labs.Taking(one.pk) for one in samples], actor=lead, at=stage.ago(days_ago))
    seals = [labs.Sealing(one.pk, f"FQ{one.pk:06}", f"BY{one.pk:06}", "留样柜 A-01-3") for one in samples]
    labs.seal(seals, actor=lead, at=stage.ago(days_ago) + HOUR)
    labs.dispatch([labs.Dispatching(one.pk) for one in samples], actor=lead, at=stage.ago(days_ago) + 2 * HOUR)
    come = samples if arrives is None else arrives
    if come:
        labs.receive([labs.Arriving(one.pk, f"FQ{one.pk:06}") for one in come], actor=analyst, at=stage.ago(days_ago - 1))
        labs.begin_testing([one.pk for one in come], actor=analyst, at=stage.ago(days_ago - 1) + HOUR)


def judge(stage: Stage, samples: Sequence[Sample], *, days_ago: float, confirms: Sequence[Sample] | None = None) -> None:
    """Enter good results; those that are confirmed were seen by both verifiers."""
    rows = SampleTest.objects.filter(sample__in=samples).select_related("test").order_by("sample_id", "test__position", "id")
    found = [labs.Found(row.sample_id, row.test.code, good(row.test)) for row in rows]
    if found:
        labs.enter_results(found, actor=stage.people["analyst"], at=stage.ago(days_ago))
    for place, name in enumerate(("verifier", "verifier2"), 1):
        waiting = Sample.objects.filter(pk__in=[one.pk for one in (samples if confirms is None else confirms)], state="resulted")
        items = [labs.Confirming(one.pk, standing(one)) for one in waiting.order_by("pk")]
        if items:
            labs.verify(items, actor=stage.people[name], at=stage.ago(days_ago) + place * HOUR)


def standing(sample: Sample) -> tuple[int, ...]:
    return tuple(LabResult.objects.standing().filter(sample=sample).order_by("id").values_list("pk", flat=True))


def good(test: LabTest) -> str:
    """Return a result far below the limit, as a laboratory writes it."""
    if test.limit.startswith("n="):
        return ";".join(["<10"] * 5) + test.reporting
    return GOOD.get(test.reporting, "ND")


def publish(stage: Stage, samples: Sequence[Sample], *, days_ago: float) -> None:
    ready = list(Sample.objects.filter(pk__in=[one.pk for one in samples], state="verified").order_by("pk").values_list("pk", flat=True))
    if ready:
        labs.publish(ready, actor=stage.people["lead"], at=stage.ago(days_ago))


# --- cases and returns -------------------------------------------------------------------------------------------------
def complain(stage: Stage) -> None:
    """Let rules and buyers open cases, and bring them as far as somebody has them."""
    signals.watch_parcels(at=stage.now)
    delivered = list(Parcel.objects.filter(delivered_at__isnull=False, items__isnull=False).order_by("delivered_at", "pk").distinct())
    wanted = [
        NewCase(kind, "buyer", "warehouse.parcel", parcel.pk, summary, body=body)
        for (kind, summary, body), parcel in zip(COMPLAINTS, delivered[::5], strict=False)
    ]
    opened = [case for case in cases.open_cases(wanted, actor=None, at=stage.ago(3)) if case]
    agent, reviewer = stage.people["agent"], stage.people["case.reviewer"]
    cases.claim([case.pk for case in opened[:4]], actor=agent, at=stage.ago(2.8))
    ask = Said(opened[0].pk, "请提供该批次的封口检验记录。", to_merchant=True, waits_for="merchant")
    cases.write([ask], actor=agent, at=stage.ago(2.7))
    reason = "出库检查记录完好，买家图片与批次一致，按约定处理。"
    proposals = [
        Proposal(case.pk, liability, True, outcome, reason, [case.links.order_by("pk")[0].pk], amount)
        for case, liability, outcome, amount in zip(
            opened[1:4],
            ("merchant", "warehouse", "courier"),
            ("return_refund", "refund", "credit"),
            (Decimal("68.00"), Decimal("59.90"), Decimal("20.00")),
            strict=False,
        )
    ]
    made = cases.propose(proposals, actor=agent, at=stage.ago(2))
    cases.decide([one.pk for one in made[:2]], actor=reviewer, at=stage.ago(1.5))


def send_back(stage: Stage) -> None:
    """Let some parcels come back: one put back on its shelf, one waiting for the inspector, one still on its way."""
    lone = [
        parcel for parcel in Parcel.objects.filter(delivered_at__isnull=False).order_by("-delivered_at", "pk") if parcel.items.count() == 1
    ]
    back = lone[2:5]
    if len(back) < 3:
        return
    reasons = ("changed_mind", "damaged", "wrong_goods")
    expected = [ExpectedReturn(one.pk, f"LD{one.pk:010}", "陆达速运", "", why) for one, why in zip(back, reasons, strict=True)]
    returns.announce_returns(expected, actor=stage.people["agent"], at=stage.ago(1.5))
    arrived = [ArrivedReturn(one.pk, [scan_of(one)]) for one in back[:2]]
    came = returns.receive_returns(arrived, actor=stage.people["warehouse"], at=stage.ago(0.9))
    unit = came[0].units.get()
    asked = questions_for([back[0].pk], days={back[0].pk: stage.today}, stage="return")[back[0].pk]
    answers = in_order(asked.points, expiry=asked.expiry)
    returned.inspect_returns([ReturnCheck(unit.pk, answers)], actor=stage.people["inspector"], at=stage.ago(0.6))
    returned.dispose([Disposal(unit.pk, "restock")], actor=stage.people["lead"], at=stage.ago(0.5))  # type: ignore[arg-type]


def scan_of(parcel: Parcel) -> ScannedUnit:
    item = parcel.items.select_related("product", "lot").get()
    return ScannedUnit(item.product.gtin or item.product.sku, item.lot.number, 1)


# --- money and selections ----------------------------------------------------------------------------------------------
def bill(stage: Stage) -> None:
    """Rate everything, close the months that are over, and let a merchant dispute one line."""
    while fees.rate_due(at=stage.now).rated:
        pass
    over = list(Statement.objects.filter(state=StatementState.DRAFT, month__lt=month_of(stage.now)).order_by("pk"))
    if over:
        fees.finalise(over, actor=stage.people["finance"], at=stage.ago(0.8))
    billed = FeeLine.objects.filter(statement__in=over, merchant__code="HEJIAN").order_by("-amount", "pk")[:1]
    if billed:
        fees.dispute(list(billed), reason="这批只抽检了 50 支，账单按 125 支计。", actor=stage.people["owner"], at=stage.ago(0.5))


def choose(stage: Stage) -> None:
    """Let a streamer put tonight's products together and read what may be said of them."""
    streamer = stage.people["streamer"]
    entries = list(CatalogEntry.objects.filter(badge_status="valid", sellable_units__gt=0).order_by("pk")[:3])
    tonight = catalog.make_list(name="周五晚八点", actor=streamer, at=stage.ago(0.4))
    catalog.make_list(name="双十二备选", actor=streamer, at=stage.ago(0.3))
    if entries:
        catalog.add(list_id=tonight.pk, entries=entries, actor=streamer, at=stage.ago(0.35))
        catalog.show_talk_sheet(entry=entries[0], actor=streamer, at=stage.ago(0.3))
