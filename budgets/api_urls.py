"""REST routes of the work forms, under ``/api/v1/``."""

from django.urls import path

from budgets import api, api_categories, api_splits

app_name = "budgets_api"

urlpatterns = [
    path("work-forms/", api.WorkFormsView.as_view(), name="work_forms"),
    path("work-forms/import/", api.ImportView.as_view(), name="import"),
    path("work-forms/copy/", api.CopyView.as_view(), name="copy"),
    path("categories/", api_categories.CategoriesView.as_view(), name="categories"),
    path("categories/<int:pk>/<slug:verb>/", api_categories.CategoryView.as_view(), name="category"),
    path("splits/", api_splits.SplitsView.as_view(), name="splits"),
    path("splits/<int:pk>/", api_splits.SplitView.as_view(), name="split"),
    path("completions/", api.CompletionsView.as_view(), name="completions"),
    path("documents/<str:reference>/lines/", api.WorkLinesView.as_view(), name="lines"),
    path("documents/<str:reference>/rests/", api.RestsView.as_view(), name="rests"),
    path("documents/<str:reference>/actuals/", api.ActualsView.as_view(), name="actuals"),
]
