"""Django's view of the demo data: no tables, one command."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
