"""Pages of early intervention."""

from django.urls import path

from intervention.daily import views as daily
from intervention.planning_work import views as planning_work
from intervention.site import views as site
from intervention.views import acting, lists, photos, planning, records, results, shifting, templates

app_name = "intervention"

urlpatterns = [
    path("intervention/", lists.timeline, name="timeline"),
    path("intervention/board/", lists.board, name="board"),
    path("intervention/calendar/", lists.calendar, name="calendar"),
    path("intervention/due/", lists.due, name="due"),
    path("settings/phases/", templates.template, name="template"),
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
    path("intervention/records/<slug:subject>/new/", records.new, name="new_record"),
    path("intervention/records/<slug:subject>/<int:pk>/photos/", photos.upload, name="record_photos"),
    path("intervention/photos/<int:pk>/hide/", photos.hide, name="hide_photo"),
    path("intervention/photos/<int:pk>/<str:copy>/", photos.show, name="photo"),
    path("intervention/records/<slug:subject>/<int:pk>/log/", records.log, name="record_log"),
    path("intervention/records/<slug:subject>/<int:pk>/<slug:verb>/", records.act, name="act_record"),
    path("intervention/days/", daily.register, name="day_logs"),
    path("intervention/days/<int:pk>/", daily.one, name="day_log"),
    path("intervention/days/<str:project>/<str:month>/", daily.month, name="day_month"),
    path("intervention/days/<str:project>/<str:month>/<slug:file_format>/", daily.month_file, name="day_month_file"),
    path("intervention/advice/", planning_work.advice_list, name="advice_list"),
    path("intervention/advice/<int:pk>/", planning_work.advice, name="advice"),
    path("intervention/survey/", planning_work.survey, name="survey"),
    path(
        "intervention/files/<slug:register>/<str:project>/<slug:file_format>/",
        planning_work.register_file,
        name="register_file",
    ),
    path("intervention/plans/<int:pk>/files/<slug:file_format>/", planning_work.plan_file, name="plan_file"),
    path("intervention/results/new/", results.new, name="new_result"),
    path("intervention/results/<str:name>/", results.edit, name="edit_result"),
    path("intervention/visits/", site.visits, name="visits"),
    path("intervention/visits/<int:pk>/", site.visit, name="visit"),
    path("intervention/findings/", site.findings, name="findings"),
    path("intervention/findings/<int:pk>/", site.finding, name="finding"),
]
