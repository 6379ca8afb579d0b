from rest_framework.routers import SimpleRouter

from assurance.catalog.api import views

router = SimpleRouter(use_regex_path=True)
router.register("catalog", views.CatalogViews, basename="catalog")
router.register("selections", views.SelectionViews, basename="selection")
router.register("talk-sheets", views.TalkSheetViews, basename="talk-sheet")
urlpatterns = router.urls
