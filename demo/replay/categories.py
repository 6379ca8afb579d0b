"""Which of our categories the marketplace's names belong to. A name that is not here, or none at all, is general goods."""

from __future__ import annotations

from typing import Final

GENERAL: Final = "general"

OURS: Final = {
    "air_conditioning": "care-appliance",
    "baby": "toys",
    "bed_bath_table": "bedding",
    "consoles_games": "toys",
    "diapers_and_hygiene": "nappies",
    "drinks": "snacks",
    "fashio_female_clothing": "clothing",
    "fashion_childrens_clothes": "infant-clothing",
    "fashion_female_clothing": "clothing",
    "fashion_male_clothing": "clothing",
    "fashion_shoes": "shoes",
    "fashion_sport": "clothing",
    "fashion_underwear_beach": "clothing",
    "food": "snacks",
    "food_drink": "snacks",
    "furniture_mattress_and_upholstery": "bedding",
    "health_beauty": "skincare",
    "home_appliances": "care-appliance",
    "home_appliances_2": "care-appliance",
    "home_confort": "bedding",
    "home_comfort_2": "bedding",
    "housewares": "tableware",
    "la_cuisine": "tableware",
    "perfumery": "makeup",
    "portable_kitchen_food_processors": "kitchen-appliance",
    "small_appliances": "kitchen-appliance",
    "small_appliances_home_oven_and_coffee": "kitchen-appliance",
    "toys": "toys",
}


def category_of(name: str) -> str:
    """Return the code of our category."""
    return OURS.get(name.strip().lower(), GENERAL)
