"""The ground floor's tables by name, for Django; code imports them from their packages."""

from assurance.accounts.models import ApiKey, Invitation, Organisation, OrganisationAlias, Session, SignInAttempt, User
from assurance.badges.models import Badge, Tag
from assurance.catalog.models import CatalogEntry, Selection, SelectionList, TalkSheet, TalkSheetShown
from assurance.categories.models import CategoryConcern
from assurance.certificates.models import Certificate, CertificateAttachment, CertificateConflict, CoveredProduct, ExpiryNotice
from assurance.claims.models import Claim, ClaimEvidence, ClaimFinding, ClaimStatus
from assurance.enrollment.models import Acceptance, Agreement, Enrolment, EnrolmentSubmission, ReviewReason
from assurance.events.models import Event, Heartbeat, Job, SubjectSalt
from assurance.evidence.models import Checkpoint, EvidenceEntry, Fact, LogNode, LogPlace, LogWaiting
from assurance.fees.models import CreditNote, Dispute, FeeLine, Operation, Posting, Rate, RateCard, RatingDue, Statement
from assurance.files.models import FileShare, StoredFile
from assurance.gates.models import Clearance, Stop
from assurance.notices.models import Notice
from assurance.products.models import Category, CategoryVersion, Product, ProductDraft, ProductShare
from assurance.qualification.models import EntryRules, PaperProduct, PaperWarning, ProgrammeEntry, QualificationPaper
from assurance.runs.models import Run, RunPart
from assurance.web.models import IdempotencyKey

__all__ = [
    "Acceptance",
    "Agreement",
    "ApiKey",
    "Badge",
    "CatalogEntry",
    "Category",
    "CategoryConcern",
    "CategoryVersion",
    "Certificate",
    "CertificateAttachment",
    "CertificateConflict",
    "Checkpoint",
    "Claim",
    "ClaimEvidence",
    "ClaimFinding",
    "ClaimStatus",
    "Clearance",
    "CoveredProduct",
    "CreditNote",
    "Dispute",
    "Enrolment",
    "EnrolmentSubmission",
    "EntryRules",
    "Event",
    "EvidenceEntry",
    "ExpiryNotice",
    "Fact",
    "FeeLine",
    "FileShare",
    "Heartbeat",
    "IdempotencyKey",
    "Invitation",
    "Job",
    "LogNode",
    "LogPlace",
    "LogWaiting",
    "Notice",
    "Operation",
    "Organisation",
    "OrganisationAlias",
    "PaperProduct",
    "PaperWarning",
    "Posting",
    "Product",
    "ProductDraft",
    "ProductShare",
    "ProgrammeEntry",
    "QualificationPaper",
    "Rate",
    "RateCard",
    "RatingDue",
    "ReviewReason",
    "Run",
    "RunPart",
    "Selection",
    "SelectionList",
    "Session",
    "SignInAttempt",
    "Statement",
    "Stop",
    "StoredFile",
    "SubjectSalt",
    "Tag",
    "TalkSheet",
    "TalkSheetShown",
    "User",
]
