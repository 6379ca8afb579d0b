"""The floors' tables alone: no job is registered, nothing is checked."""

from django.apps import AppConfig


class Assurance(AppConfig):
    name = "assurance"
    default_auto_field = "django.db.models.BigAutoField"


class Warehouse(AppConfig):
    name = "warehouse"
    default_auto_field = "django.db.models.BigAutoField"


class Qc(AppConfig):
    name = "qc"
    default_auto_field = "django.db.models.BigAutoField"
