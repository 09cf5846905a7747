"""Pages of the forms. ``home`` itself is named by the composition root."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from documents.views import acting, files, lists, notices, pages, papers, starting, verifying

app_name = "documents"

urlpatterns = [
    path("inbox/", lists.inbox_page, name="inbox"),
    path("inbox/<slug:tab>/", lists.inbox_page, name="inbox_tab"),
    path("search/", lists.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:pk>/", notices.follow, name="notice"),
    path("verify/<str:number>/<str:code>/", login_not_required(verifying.verify), name="verify"),
    path("papers/", papers.papers, name="papers"),
    path("papers/<int:pk>/<slug:verb>/", papers.paper, name="paper"),
    path("documents/new/", starting.new, name="new"),
    path("documents/<str:ref>/", pages.document, name="document"),
    path("documents/<str:ref>/edit/", pages.edit, name="edit"),
    path("documents/<str:ref>/preview/", pages.preview, name="preview"),
    path("documents/<str:ref>/compare/", pages.compare, name="compare"),
    path("documents/<str:ref>/act/<slug:verb>/", acting.act, name="act"),
    path("documents/<str:ref>/attachments/<int:pk>/", files.attachment, name="attachment"),
    path("documents/<str:ref>/pdf/", files.pdf, name="pdf"),
    path("documents/<str:ref>/xlsx/", files.xlsx, name="xlsx"),
]
