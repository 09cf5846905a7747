"""REST routes of the forms, under ``/api/v1/``: one per verb, made from the table of verbs."""

from django.urls import path

from documents.api import acting, files, lists, showing
from documents.verbs import VERBS

app_name = "documents_api"

urlpatterns = [
    path("inbox/<slug:tab>/", lists.InboxView.as_view(), name="inbox"),
    path("notices/", lists.NoticesView.as_view(), name="notices"),
    path("notices/read/", lists.ReadAllView.as_view(), name="notices_read"),
    path("notices/<int:pk>/read/", lists.ReadView.as_view(), name="notice_read"),
    path("documents/", lists.DocumentsView.as_view(), name="documents"),
    path("documents/<str:reference>/", showing.DocumentView.as_view(), name="document"),
    path("documents/<str:reference>/pdf/", files.PdfView.as_view(), name="pdf"),
    path("documents/<str:reference>/xlsx/", files.XlsxView.as_view(), name="xlsx"),
    path("documents/<str:reference>/trail/", showing.TrailView.as_view(), name="trail"),
    path("documents/<str:reference>/attachments/<int:pk>/", files.AttachmentView.as_view(), name="attachment"),
    path("documents/<str:reference>/revisions/<int:n>/", showing.RevisionView.as_view(), name="revision"),
    *(path(f"documents/<str:reference>/{verb.name}/", acting.view_of(verb), name=verb.name) for verb in VERBS.values()),
]
