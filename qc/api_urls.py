"""This floor's part of the API."""

from rest_framework.routers import SimpleRouter

from qc.inspections.api.views import DefectViews, InspectionViews

router = SimpleRouter(use_regex_path=True)
router.register("inspections", InspectionViews, basename="inspection")
router.register("defects", DefectViews, basename="defect")
urlpatterns = router.urls
