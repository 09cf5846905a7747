"""REST routes of early intervention, under ``/api/v1/``: one per verb, made from the tables of verbs."""

from django.urls import path

from intervention import (
    api,
    api_acting,
    api_assessing,
    api_papers,
    api_photos,
    api_promises,
    api_records,
    api_settings,
)
from intervention.daily.api import DayMonthView
from intervention.site.api import ReportsView
from intervention.verbs import ITEM_VERBS, PHASE_VERBS

app_name = "intervention_api"

urlpatterns = [
    path("plans/", api.PlansView.as_view(), name="plans"),
    path("plans/<int:pk>/", api.PlanView.as_view(), name="plan"),
    path("plans/<int:pk>/log/", api.LogView.as_view(), name="log"),
    path("plan-template/", api.TemplateView.as_view(), name="template"),
    path("plan-items/", api.ItemsView.as_view(), name="items"),
    path("projects/<str:code>/plan-shift/", api_acting.ShiftView.as_view(), name="shift"),
    path("phase-results/", api_acting.ResultsView.as_view(), name="results"),
    path("documents/<str:reference>/result-entries/", api_acting.EntriesView.as_view(), name="entries"),
    path("papers/", api_papers.PapersView.as_view(), name="papers"),
    path("documents/<str:reference>/paper/", api_papers.PaperView.as_view(), name="paper"),
    path("agreements/", api_papers.AgreementsView.as_view(), name="agreements"),
    path("promises/", api_promises.PromisesView.as_view(), name="promises"),
    path("found-promises/", api_promises.FoundPromisesView.as_view(), name="found_promises"),
    path("found-promises/<int:pk>/withdraw/", api_promises.WithdrawView.as_view(), name="withdraw_promise"),
    *(
        path(f"plan-phases/<int:pk>/{verb.name}/", api_acting.phase_view(verb), name=f"phase_{verb.name}")
        for verb in PHASE_VERBS.values()
    ),
    *(
        path(f"plan-items/<int:pk>/{verb.name}/", api_acting.item_view(verb), name=f"item_{verb.name}")
        for verb in ITEM_VERBS.values()
    ),
    path("assessments/trend/", api_assessing.TrendView.as_view(), name="assessment_trend"),
    path("assessments/checklist/", api_assessing.ChecklistView.as_view(), name="assessment_checklist"),
    path("assessments/<int:pk>/facts/", api_assessing.FactsView.as_view(), name="assessment_facts"),
    path("settings/phase-rows/", api_settings.PhaseRowsView.as_view(), name="phase_rows"),
    path("settings/phase-rows/<int:pk>/", api_settings.PhaseRowView.as_view(), name="phase_row"),
    path("settings/contents/", api_settings.ContentsView.as_view(), name="contents"),
    path("settings/contents/<int:pk>/", api_settings.ContentView.as_view(), name="content"),
    path("settings/criteria/", api_settings.CriteriaView.as_view(), name="criteria"),
    path("settings/criteria/<int:pk>/", api_settings.CriterionView.as_view(), name="criterion"),
    path("settings/grades/", api_settings.GradesView.as_view(), name="grades"),
    path("settings/photo-rules/", api_settings.PhotoRulesView.as_view(), name="photo_rules"),
    path("site-reports/", ReportsView.as_view(), name="site_reports"),
    path("day-months/<str:project>/<str:month>/", DayMonthView.as_view(), name="day_month"),
    *api_photos.urls(),
    *api_records.urls(),
]
