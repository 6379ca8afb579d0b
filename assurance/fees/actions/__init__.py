"""Meter what was done, give it its price, close months, settle what is disputed."""

from assurance.fees.actions.charging import Rated, rate_due
from assurance.fees.actions.loading import load_rate_cards
from assurance.fees.actions.metering import Metered, MeteredDifferently, meter, meter_all

__all__ = ["Metered", "MeteredDifferently", "Rated", "load_rate_cards", "meter", "meter_all", "rate_due"]
