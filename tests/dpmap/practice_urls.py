from dpmap import practice, urls
from dpmap.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [*urls.urlpatterns, *practice.urlpatterns]
