from rest_framework.routers import SimpleRouter

from assurance.qualification.api import views

router = SimpleRouter(use_regex_path=True)
router.register("papers", views.PaperViews, basename="paper")
router.register("entries", views.EntryViews, basename="entry")
router.register("entry-rules", views.RulesViews, basename="entry-rule")
router.register("qualifications", views.QualificationViews, basename="qualification")
urlpatterns = router.urls
