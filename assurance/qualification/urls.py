from django.urls import path

from assurance.qualification.views import merchant, review, rules

app_name = "qualification"
urlpatterns = [
    path("", merchant.show, name="show"),
    path("new/<str:kind>/", merchant.enter, name="enter"),
    path("apply/", merchant.apply, name="apply"),
    path("papers/", review.queue, name="queue"),
    path("papers/<int:pk>/", review.paper, name="paper"),
    path("papers/<int:pk>/verify/", review.verify, name="verify"),
    path("papers/<int:pk>/return/", review.send_back, name="send-back"),
    path("merchants/", review.merchants, name="merchants"),
    path("merchants/<int:pk>/", review.merchant, name="merchant"),
    path("entries/<int:pk>/admit/", review.admit, name="admit"),
    path("entries/<int:pk>/refuse/", review.refuse, name="refuse"),
    path("merchants/<int:pk>/clear-out/", review.clear_out, name="clear-out"),
    path("rules/", rules.show, name="rules"),
    path("rules/new/", rules.publish, name="new-rules"),
]
