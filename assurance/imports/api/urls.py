from rest_framework.routers import SimpleRouter

from assurance.imports.api import views

router = SimpleRouter(use_regex_path=True)
router.register("product-imports", views.ProductImportViews, basename="product-import")
urlpatterns = router.urls
