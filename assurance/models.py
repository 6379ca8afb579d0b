"""The ground floor's tables by name, for Django; code imports them from their packages."""

from assurance.accounts.models import ApiKey, Invitation, Organisation, Session, SignInAttempt, User
from assurance.badges.models import Badge
from assurance.enrollment.models import Enrolment, ReviewReason
from assurance.events.models import Event, Heartbeat, Job, SubjectSalt
from assurance.evidence.models import Checkpoint, EvidenceEntry, Fact, LogNode, LogPlace, LogWaiting
from assurance.files.models import StoredFile
from assurance.gates.models import Clearance, Stop
from assurance.notices.models import Notice
from assurance.products.models import Category, Product
from assurance.runs.models import Run, RunPart

__all__ = [
    "ApiKey",
    "Badge",
    "Category",
    "Checkpoint",
    "Clearance",
    "Enrolment",
    "Event",
    "EvidenceEntry",
    "Fact",
    "Heartbeat",
    "Invitation",
    "Job",
    "LogNode",
    "LogPlace",
    "LogWaiting",
    "Notice",
    "Organisation",
    "Product",
    "ReviewReason",
    "Run",
    "RunPart",
    "Session",
    "SignInAttempt",
    "Stop",
    "StoredFile",
    "SubjectSalt",
    "User",
]
