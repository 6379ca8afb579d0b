from rest_framework.routers import SimpleRouter

from assurance.products.api import views

router = SimpleRouter(use_regex_path=True)
router.register("categories", views.CategoryViews, basename="category")
router.register("products", views.ProductViews, basename="product")
urlpatterns = router.urls
