from rest_framework.routers import SimpleRouter

from assurance.files.api import views

router = SimpleRouter(use_regex_path=True)
router.register("files", views.FileViews, basename="file")
urlpatterns = router.urls
