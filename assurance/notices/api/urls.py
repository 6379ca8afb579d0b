from rest_framework.routers import SimpleRouter

from assurance.notices.api import views

router = SimpleRouter(use_regex_path=True)
router.register("notices", views.NoticeViews, basename="notice")
urlpatterns = router.urls
