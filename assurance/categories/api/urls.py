from rest_framework.routers import SimpleRouter

from assurance.categories.api import views

router = SimpleRouter(use_regex_path=True)
router.register("category-versions", views.CategoryVersionViews, basename="category-version")
urlpatterns = router.urls
