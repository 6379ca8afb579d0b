"""Plan the inspection of one tranche: the sample of every class of defects, and by when it should be done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from qc.inspections.sampling import ClassPlans, DefectClass, Plan, plan_for_classes, shipped_tables

DUE_AFTER: Final = timedelta(hours=24)
"""Goods that arrived today are judged by the same hour tomorrow."""
SKIP_LEVEL: Final = "S-1"
"""A lot that skip-lot spares its full plan is still looked at, by the smallest sample there is: nothing is released unseen."""
RUN_TO_SKIP: Final = 10
"""Lots accepted in a row on reduced inspection before skip-lot begins."""
BELOW_THE_TABLES: Final = ""
"""The code letter of a lot that the tables do not know."""


def plan_tranche(
    *, size: int, level: str, aql_major: str, aql_minor: str, severities: Mapping[DefectClass, str] | None = None
) -> ClassPlans:
    """Return the plan of GB/T 2828.1 for so many units, at normal severity unless said otherwise; a single unit is simply inspected.

    :raises ValueError: for no units, or a level or AQL that the tables do not have
    """
    if size == 1:
        return _of_one_unit(level, aql_major, aql_minor)
    aqls = {DefectClass.MAJOR: aql_major, DefectClass.MINOR: aql_minor}
    return plan_for_classes(lot_size=size, level=level, aqls=aqls, severities=severities)


def due(opened_at: datetime) -> datetime:
    """Return by when an inspection that is opened now should be decided."""
    return opened_at + DUE_AFTER


def _of_one_unit(level: str, aql_major: str, aql_minor: str) -> ClassPlans:
    """The tables begin at two units: the sample is the lot, and any failure rejects it."""
    critical, major, minor = (
        Plan(
            lot_size=1,
            level=level,
            aql=aql,
            severity="normal",
            code_letter=BELOW_THE_TABLES,
            plan_letter=BELOW_THE_TABLES,
            table_size=1,
            sample_size=1,
            accept=0,
            reject=1,
            full_inspection=True,
            edition=shipped_tables().edition,
        )
        for aql in ("0", aql_major, aql_minor)
    )
    return ClassPlans(critical=critical, major=major, minor=minor)
