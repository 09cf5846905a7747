"""Pages of work forms and confirmations."""

from django.urls import path

from budgets.views import categories, confirming, entering, giving_back, months, splitting, starting

app_name = "budgets"

urlpatterns = [
    path("budgets/", months.index, name="index"),
    path("budgets/months/", months.month, name="month"),
    path("budgets/months/export/", months.export, name="month_export"),
    path("budgets/new/<slug:kind>/", starting.new, name="new"),
    path("budgets/new/<slug:kind>/template/", giving_back.blank, name="template"),
    path("budgets/new/<slug:kind>/annotated/", giving_back.annotated, name="annotated"),
    path("budgets/forms/<str:name>/", entering.edit, name="edit"),
    path("budgets/forms/<str:name>/save/", entering.autosave, name="autosave"),
    path("budgets/forms/<str:name>/changes/", entering.changes, name="changes"),
    path("budgets/shared/", splitting.shared, name="shared"),
    path("budgets/shared/<int:pk>/", splitting.shared_split, name="shared_split"),
    path("budgets/categories/", categories.categories, name="categories"),
    path("budgets/categories/<int:pk>/<slug:verb>/", categories.category, name="category"),
    path("budgets/completions/", confirming.completions, name="completions"),
    path("budgets/completions/<str:name>/start/", confirming.start, name="start_completion"),
    path("budgets/completions/<str:name>/edit/", confirming.edit, name="edit_completion"),
    path("budgets/completions/<str:name>/save/", confirming.autosave, name="autosave_completion"),
]
