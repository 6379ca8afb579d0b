"""This floor's part of the API."""

from rest_framework.routers import SimpleRouter

from qc.checks.api.views import ChecklistViews, CheckViews, ShareViews
from qc.inspections.api.views import DefectViews, InspectionViews
from qc.labs.api.views import LabTestViews, RoundViews, SampleViews, ScopeViews, TieViews
from qc.nonconformance.api.views import DispositionViews, NonConformanceViews
from qc.promises.api.views import PromiseViews
from qc.quality.api.views import CorrectiveActionViews
from qc.returned.api.views import UnitViews

router = SimpleRouter(use_regex_path=True)
router.register("inspections", InspectionViews, basename="inspection")
router.register("inspection-promises", PromiseViews, basename="inspection-promise")
router.register("defects", DefectViews, basename="defect")
router.register("samples", SampleViews, basename="sample")
router.register("rounds", RoundViews, basename="round")
router.register("lab-scopes", ScopeViews, basename="lab-scope")
router.register("lab-ties", TieViews, basename="lab-tie")
router.register("lab-tests", LabTestViews, basename="lab-test")
router.register("checklists", ChecklistViews, basename="checklist")
router.register("outbound-checks", CheckViews, basename="outbound-check")
router.register("check-shares", ShareViews, basename="check-share")
router.register("non-conformances", NonConformanceViews, basename="non-conformance")
router.register("dispositions", DispositionViews, basename="disposition")
router.register("corrective-actions", CorrectiveActionViews, basename="corrective-action")
router.register("return-units", UnitViews, basename="return-unit")
urlpatterns = router.urls
