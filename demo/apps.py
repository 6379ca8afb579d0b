"""Django's view of the demo data and the replay: no tables of their own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assurance.events import registry


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("Demo and replay")

    def ready(self) -> None:
        registry.load(self.name)
