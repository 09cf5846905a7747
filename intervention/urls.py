"""Pages of early intervention."""

from django.urls import path

from intervention.views import (
    acting,
    assessing,
    assessment_trend,
    criteria,
    lists,
    planning,
    records,
    results,
    shifting,
    templates,
)

app_name = "intervention"

urlpatterns = [
    path("intervention/", lists.timeline, name="timeline"),
    path("intervention/board/", lists.board, name="board"),
    path("intervention/calendar/", lists.calendar, name="calendar"),
    path("intervention/due/", lists.due, name="due"),
    path("settings/phases/", templates.template, name="template"),
    path("settings/phases/new/", templates.new_row, name="new_template_row"),
    path("settings/phases/<int:pk>/<slug:verb>/", templates.switch, name="template_switch"),
    path("settings/phases/<int:pk>/", templates.row, name="template_row"),
    path("settings/phases/contents/", templates.contents, name="contents"),
    path("settings/phases/contents/<int:pk>/<slug:verb>/", templates.content, name="content"),
    path("intervention/plans/new/", planning.new, name="new_plan"),
    path("intervention/plans/<int:pk>/", planning.plan, name="plan"),
    path("intervention/plans/<int:pk>/log/", planning.log, name="log"),
    path("intervention/plans/<int:pk>/<slug:phase>/", planning.phase, name="phase"),
    path("intervention/dates/<str:code>/", shifting.shift, name="shift"),
    path("intervention/phases/<int:pk>/<slug:verb>/", acting.phase, name="act_phase"),
    path("intervention/items/<int:pk>/<slug:verb>/", acting.item, name="act_item"),
    path("intervention/records/<slug:subject>/<int:pk>/log/", records.log, name="record_log"),
    path("intervention/records/<slug:subject>/<int:pk>/<slug:verb>/", records.act, name="act_record"),
    path("intervention/assessments/", assessing.register, name="assessments"),
    path("intervention/assessments/new/", assessing.new, name="new_assessment"),
    path("intervention/assessments/trend/", assessment_trend.trend, name="assessment_trend"),
    path("intervention/assessments/trend/export/", assessment_trend.export, name="assessment_export"),
    path("intervention/assessments/<int:pk>/", assessing.assessment, name="assessment"),
    path("intervention/assessments/<int:pk>/score/", assessing.score, name="score_assessment"),
    path("intervention/assessments/<int:pk>/close/", assessing.close, name="close_assessment"),
    path("settings/assessment/", criteria.checklist, name="criteria"),
    path("settings/assessment/grades/", criteria.bands, name="grades"),
    path("settings/assessment/<int:pk>/", criteria.criterion, name="criterion"),
    path("intervention/results/new/", results.new, name="new_result"),
    path("intervention/results/<str:name>/", results.edit, name="edit_result"),
]
