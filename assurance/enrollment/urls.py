from django.urls import path

from assurance.enrollment.views import merchant, review

app_name = "enrollment"
urlpatterns = [
    path("", merchant.enrolment_list, name="list"),
    path("new/", merchant.create, name="create"),
    path("<int:pk>/", merchant.show, name="show"),
    path("<int:pk>/edit/", merchant.edit, name="edit"),
    path("<int:pk>/check/", merchant.check, name="check"),
    path("<int:pk>/withdraw/", merchant.withdraw, name="withdraw"),
    path("product/<int:pk>/", merchant.of_product, name="of-product"),
    path("product/<int:pk>/start/", merchant.start, name="start"),
    path("review/", review.queue, name="queue"),
    path("review/<int:pk>/", review.show, name="review"),
    path("review/<int:pk>/claim/", review.claim, name="claim"),
    path("review/<int:pk>/release/", review.release, name="release-claim"),
    path("review/<int:pk>/approve/", review.approve, name="approve"),
    path("review/<int:pk>/return/", review.return_for_changes, name="return-for-changes"),
    path("review/<int:pk>/reject/", review.reject, name="reject"),
]
