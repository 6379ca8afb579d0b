"""This floor's part of the API."""

from rest_framework.routers import SimpleRouter

from aftersales.cases.api.views import CaseViews, InquiryViews
from aftersales.diagnosis.api.views import DiagnosisViews
from aftersales.signals.api.views import RuleViews

router = SimpleRouter(use_regex_path=True)
router.register("cases", CaseViews, basename="case")
router.register("inquiries", InquiryViews, basename="inquiry")
router.register("rules", RuleViews, basename="rule")
router.register("diagnoses", DiagnosisViews, basename="diagnosis")
urlpatterns = router.urls
