from django.urls import include, path

from dpmap import sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("", include("orgchart.urls")),
    path("", include("appraisals.urls")),
]

handler400 = "dpmap.errors.bad_request"
handler403 = "dpmap.errors.permission_denied"
handler404 = "dpmap.errors.not_found"
handler500 = "dpmap.errors.server_error"
