"""Django's view of this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assurance.events import registry


class LogisticsConfig(AppConfig):
    name = "logistics"
    verbose_name = _("Couriers and parcels")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        registry.load(self.name)
