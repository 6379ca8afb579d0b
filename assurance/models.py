"""The ground floor's tables by name, for Django; code imports them from their packages."""

from assurance.accounts.models import ApiKey, Organisation, User
from assurance.events.models import Event, Heartbeat, Job, SubjectSalt
from assurance.files.models import StoredFile
from assurance.notices.models import Notice
from assurance.products.models import Category, Product
from assurance.runs.models import Run
from assurance.enrollment.models import Enrolment, ReviewReason

__all__ = [
    "ApiKey",
    "Category",
    "Enrolment",
    "Event",
    "Heartbeat",
    "Job",
    "Notice",
    "Organisation",
    "Product",
    "ReviewReason",
    "Run",
    "StoredFile",
    "SubjectSalt",
    "User",
]
