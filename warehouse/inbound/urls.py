from django.urls import path

from warehouse.inbound.views import discrepancies, notices, slots

app_name = "inbound"
urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("new/", notices.create, name="create"),
    path("of-lot/<int:pk>/", notices.of_lot, name="of-lot"),
    path("discrepancies/", discrepancies.discrepancy_list, name="discrepancies"),
    path("discrepancies/<int:pk>/", discrepancies.show, name="discrepancy"),
    path("discrepancies/<int:pk>/settle/", discrepancies.settle, name="settle"),
    path("discrepancies/<int:pk>/hand-over/", discrepancies.hand_over, name="hand-over"),
    path("file/", notices.file, name="file"),
    path("slots/", slots.slots, name="slots"),
    path("<int:pk>/book/", slots.book, name="book"),
    path("<int:pk>/give-up-slot/", slots.give_up, name="give-up-slot"),
    path("<int:pk>/report/", discrepancies.report, name="report"),
    path("<int:pk>/", notices.show, name="show"),
    path("<int:pk>/cancel/", notices.cancel, name="cancel"),
    path("<int:pk>/receive/", notices.receive, name="receive"),
    path("<int:pk>/close/", notices.close, name="close"),
]
