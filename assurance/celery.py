"""Celery: workers run jobs whose state lives in PostgreSQL; the broker carries nothing but ids."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assurance.settings")

app = Celery("assurance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["assurance.events"], related_name="worker")
