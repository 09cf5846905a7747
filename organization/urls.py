"""Pages of the organization."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.cache import never_cache

from organization.views import accounts, calendar, companies, people, posts, projects

app_name = "organization"

urlpatterns = [
    path("login/", login_not_required(never_cache(accounts.LoginView.as_view())), name="login"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("me/", accounts.me, name="me"),
    path("me/language/", accounts.language, name="language"),
    path("me/password/", accounts.password, name="password"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new_project, name="new_project"),
    path("projects/<str:code>/", projects.project, name="project"),
    path("projects/<str:code>/edit/", projects.edit_project, name="edit_project"),
    path("projects/<str:code>/roster/", projects.roster, name="roster"),
    path("projects/<str:code>/contacts/new/", projects.new_contact, name="new_contact"),
    path("projects/<str:code>/instalments/new/", projects.new_instalment, name="new_instalment"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.new_person, name="new_person"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("settings/people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("settings/people/<int:pk>/password/", people.give_password, name="give_password"),
    path("settings/posts/", posts.posts, name="posts"),
    path("settings/posts/appoint/", posts.appoint, name="appoint"),
    path("settings/posts/<int:pk>/end/", posts.end, name="end_appointment"),
    path("settings/companies/", companies.companies, name="companies"),
    path("settings/companies/new/", companies.new_company, name="new_company"),
    path("settings/departments/new/", companies.new_department, name="new_department"),
    path("settings/calendar/", calendar.calendar, name="calendar"),
    path("settings/trail/", posts.trail, name="trail"),
]
