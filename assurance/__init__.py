"""The ground floor: who takes part, what is promised, what is proved, what may be shown."""

from assurance.celery import app as celery_app

__all__ = ["celery_app"]
