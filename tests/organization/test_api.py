"""REST of the organization."""

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from organization import appointing

PASSWORD = "demo-pass-2026"
pytestmark = pytest.mark.django_db


def token(client, username, password=PASSWORD):
    return client.post("/api/v1/token/", {"username": username, "password": password}, content_type="application/json")


def test_a_program_gets_a_token_and_says_who_it_is(cast, client):
    answer = token(client, "property_clerk")
    assert answer.status_code == 200
    me = Client(headers={"Authorization": f"Token {answer.json()['token']}"}).get("/api/v1/me/")
    assert me.json() == {
        "id": cast.property_clerk.pk,
        "username": "property_clerk",
        "name": "林晓燕",
        "company": "示例物业服务有限公司",
        "language": "zh-hans",
        "is_administrator": False,
        "posts": [{"post": "property_clerk", "project": cast.projects["CH"].pk, "department": None}],
    }
    assert me.headers["Cache-Control"] == "no-store, private"


def test_wrong_unknown_and_shut_out_read_alike(cast):
    answers = {
        (answer.status_code, answer.content)
        for answer in (
            token(Client(), "property_clerk", "wrong-password"),
            token(Client(), "nobody_at_all", "wrong-password"),
            token(Client(), "deactivated"),
        )
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 400


@pytest.mark.parametrize("username", ["property_clerk", "nobody_at_all"])
def test_page_and_token_share_one_lock(cast, username):
    for _attempt in range(2):
        Client().post("/login/", {"username": username, "password": "wrong-password"})
    for _attempt in range(3):
        last = token(Client(), username, "wrong-password")
    assert last.status_code == 429
    assert "15 分钟后再试" in last.json()["errors"][0]
    assert token(Client(), username).status_code == 429
    assert Client().post("/login/", {"username": username, "password": PASSWORD}).status_code == 429


def test_a_password_that_is_due_gives_no_token(cast, client):
    appointing.reset_password(actor=cast.administrator, person=cast.finance, password="given-by-office-2026")
    assert token(client, "finance", "given-by-office-2026").status_code == 403
    assert not Token.objects.exists()


@pytest.mark.parametrize("verb", ["change", "reset", "deactivate"])
def test_tokens_end_with_the_password_and_with_the_account(cast, client, verb):
    key = token(client, "finance").json()["token"]
    if verb == "change":
        appointing.change_password(person=cast.finance, password="my-very-own-words-88")
    elif verb == "reset":
        appointing.reset_password(actor=cast.administrator, person=cast.finance, password="my-very-own-words-88")
    else:
        appointing.deactivate(actor=cast.administrator, person=cast.finance)
    assert Client(headers={"Authorization": f"Token {key}"}).get("/api/v1/me/").status_code == 401


# person, codes of the projects; typed by hand
PROJECTS = [
    ("property_clerk", ["CH"]),
    ("property_project_manager", ["CH", "YJ"]),
    ("foreign_clerk", ["WB"]),
    ("outsider", []),
    ("administrator", ["CH", "WB", "YJ"]),
]


@pytest.mark.parametrize(("username", "codes"), PROJECTS)
def test_projects_are_those_one_may_see(cast, log_in, username, codes):
    answer = log_in(cast[username]).get("/api/v1/projects/").json()
    assert [project["code"] for project in answer] == codes


def test_a_project_comes_with_its_instalments(cast, log_in):
    (project,) = log_in(cast.property_clerk).get("/api/v1/projects/").json()
    assert [(row["code"], row["actual_move_in_on"]) for row in project["instalments"]] == [
        ("CH-1", "2026-03-01"),
        ("CH-2", None),
    ]


@pytest.mark.parametrize("url", ["/api/v1/me/", "/api/v1/projects/"])
def test_nobody_gets_nothing(client, db, url):
    assert client.get(url).status_code == 401
    assert Client(headers={"Authorization": "Token 0000"}).get(url).status_code == 401


def test_projects_cost_the_same_for_one_and_for_three(cast, log_in, django_assert_num_queries):
    for username in ("property_clerk", "administrator"):
        client = log_in(cast[username], fresh=True)
        client.get("/api/v1/projects/")
        with django_assert_num_queries(4):  # session, person, projects, instalments
            client.get("/api/v1/projects/")
