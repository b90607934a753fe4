from django.conf import settings
from django.urls import include, path

from dpmap import about, gallery, practice, session, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("session/extend/", session.session_extend, name="session_extend"),
    path("about/accessibility/", about.about_accessibility, name="about_accessibility"),
    path("about/privacy/", about.about_privacy, name="about_privacy"),
    path("", include("orgchart.urls")),
    path("", include("appraisals.urls")),
]

if settings.PRACTICE_MODE:
    urlpatterns += practice.urlpatterns
if not settings.PRODUCTION:
    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))

handler400 = "dpmap.errors.bad_request"
handler403 = "dpmap.errors.permission_denied"
handler404 = "dpmap.errors.not_found"
handler500 = "dpmap.errors.server_error"
