from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import public

urlpatterns = [
    # Wagtail's own sign-in knows no second factor and no limit of guesses; there is one way in.
    path(
        "cms/login/", login_not_required(RedirectView.as_view(pattern_name="account_login")), name="cms_login"
    ),
    path("search/", public.search, name="search"),
    path("library/", public.shelf, name="library"),
    path("library/<slug:slug>/", public.item, name="library_item"),
    path("library/<slug:slug>/file/", public.take, name="library_file"),
    path("hotlines/", public.hot_lines, name="hot_lines"),
    path("hotlines/edit/", public.keep_hot_lines, name="keep_hot_lines"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # The catalogue is public; lessons are closed by a hook (content/wagtail_hooks.py).
    re_path(wagtail_urls.serve_pattern, login_not_required(wagtail_views.serve), name="catalogue"),
    path("", include(wagtail_urls)),
]
