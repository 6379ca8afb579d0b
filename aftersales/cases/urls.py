from django.urls import path

from aftersales.cases.views import care, desk

app_name = "cases"
urlpatterns = [
    path("cases/", desk.case_list, name="list"),
    path("cases/open/", desk.open_case, name="open"),
    path("cases/<int:pk>/", desk.show, name="show"),
    path("cases/<int:pk>/claim/", desk.claim, name="claim"),
    path("cases/<int:pk>/give-back/", desk.give_back, name="give-back"),
    path("cases/<int:pk>/pace/", desk.hurry, name="pace"),
    path("cases/<int:pk>/write/", desk.write, name="write"),
    path("cases/<int:pk>/go-on/", desk.go_on, name="go-on"),
    path("cases/<int:pk>/propose/", desk.propose, name="propose"),
    path("cases/<int:pk>/decide/", desk.decide, name="decide"),
    path("cases/<int:pk>/send-back/", desk.send_back, name="send-back"),
    path("cases/<int:pk>/appeal/", desk.appeal, name="appeal"),
    path("cases/<int:pk>/remedies/<int:remedy>/", desk.finish, name="finish"),
    path("cases/<int:pk>/close/", desk.close, name="close"),
    path("cases/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("care/", care.ask, name="ask"),
    path("care/<str:token>/", care.follow, name="follow"),
    path("care/<str:token>/answer/", care.answer, name="answer"),
    path("care/<str:token>/appeal/", care.object_to, name="object"),
    path("care/<str:token>/rating/", care.rate, name="rate"),
]
