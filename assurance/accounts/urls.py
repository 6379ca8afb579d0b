"""Addresses of accounts. The library's views keep the library's names: it looks its own pages up by them."""

from django.urls import include, path, re_path

from assurance.accounts.views import arrival, entrance, me, people

pages = [
    path("register/", arrival.register, name="register"),
    path("register/done/", arrival.registered, name="registered"),
    path("join/<str:token>/", arrival.join, name="join"),
    path("me/", me.me, name="me"),
    path("me/sessions/end-others/", me.end_other_sessions, name="end-other-sessions"),
    path("me/sessions/<str:handle>/end/", me.end_session, name="end-session"),
    path("me/keys/", me.key_list, name="keys"),
    path("me/keys/make/", me.make_key, name="make-key"),
    path("me/keys/<int:pk>/rotate/", me.rotate_key, name="rotate-key"),
    path("me/keys/<int:pk>/revoke/", me.revoke_key, name="revoke-key"),
    path("people/", people.member_list, name="members"),
    path("people/<int:pk>/", people.member, name="member"),
    path("people/<int:pk>/role/", people.change_role, name="change-role"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:pk>/second-factor/remove/", people.remove_second_factor, name="remove-second-factor"),
    path("people/<int:pk>/invite-again/", people.invite_again, name="invite-again"),
    path("people/<int:pk>/reveal/", people.reveal, name="reveal"),
    path("organisations/", people.organisation_list, name="organisations"),
    path("organisations/create/", people.create_organisation, name="create-organisation"),
    path("organisations/<str:code>/invite/", people.invite, name="invite"),
]
entrance_pages = [
    path("login/", entrance.login, name="account_login"),
    path("logout/", entrance.logout, name="account_logout"),
    path("inactive/", entrance.inactive, name="account_inactive"),
    path("again/", entrance.again, name="account_reauthenticate"),
    path("password/change/", entrance.change_password, name="account_change_password"),
    path("password/reset/", entrance.ask_reset, name="account_reset_password"),
    path("password/reset/sent/", entrance.reset_asked, name="account_reset_password_done"),
    path("password/reset/done/", entrance.reset_done, name="account_reset_password_from_key_done"),
    re_path(r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$", entrance.reset, name="account_reset_password_from_key"),
    path("second-factor/", entrance.second_factors, name="mfa_index"),
    path("second-factor/enter/", entrance.second_factor, name="mfa_authenticate"),
    path("second-factor/again/", entrance.again_by_second_factor, name="mfa_reauthenticate"),
    path("second-factor/set-up/", entrance.activate, name="mfa_activate_totp"),
    path("second-factor/remove/", entrance.deactivate, name="mfa_deactivate_totp"),
    path("second-factor/codes/", entrance.codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/make/", entrance.make_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/download/", entrance.download_codes, name="mfa_download_recovery_codes"),
]
urlpatterns = [
    path("accounts/", include((pages, "accounts"))),
    path("accounts/", include(entrance_pages)),
]
