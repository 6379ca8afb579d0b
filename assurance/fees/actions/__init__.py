"""Meter what was done, give it its price, close months, settle what is disputed."""

from assurance.fees.actions.charging import Rated, rate_due
from assurance.fees.actions.closing import MonthNotOver, OperationsWaiting, finalise
from assurance.fees.actions.disputing import AlreadyDisputed, MoreThanCharged, decide, dispute
from assurance.fees.actions.loading import load_rate_cards
from assurance.fees.actions.metering import Metered, MeteredDifferently, meter, meter_all
from assurance.fees.actions.running import FEE_RUN, MONTH_CLOSE, NothingToClose, close_some, rate_some, start_closing, start_fee_run

__all__ = [
    "FEE_RUN",
    "MONTH_CLOSE",
    "AlreadyDisputed",
    "Metered",
    "MeteredDifferently",
    "MonthNotOver",
    "MoreThanCharged",
    "NothingToClose",
    "OperationsWaiting",
    "Rated",
    "close_some",
    "decide",
    "dispute",
    "finalise",
    "load_rate_cards",
    "meter",
    "meter_all",
    "rate_due",
    "rate_some",
    "start_closing",
    "start_fee_run",
]
