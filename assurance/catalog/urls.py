from django.urls import path

from assurance.catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.search, name="search"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/talk-sheet/", views.talk_sheet, name="talk-sheet"),
    path("compare/", views.compare, name="compare"),
    path("choose/", views.choose, name="choose"),
    path("lists/", views.lists, name="lists"),
    path("lists/<int:pk>/", views.one_list, name="list"),
    path("lists/<int:pk>/take-off/", views.take_off, name="take-off"),
    path("shown/<int:pk>/", views.kept_sheet, name="kept-sheet"),
    path("script/", views.check_script, name="check-script"),
]
