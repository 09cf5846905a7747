"""Programs that speak to the API: each with a person's token."""

from typing import Any

from django.test import Client
from rest_framework.authtoken.models import Token

ROOT = "/api/v1/"
ABSENT = {"errors": ["页面不存在，或您没有查看权限。"]}


class Program:
    """A program of one person; paths are relative to ``/api/v1/``, bodies are JSON."""

    def __init__(self, person: Any) -> None:
        key = Token.objects.get_or_create(user=person)[0].key
        self.client = Client(headers={"Authorization": f"Token {key}"}, raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def post(self, path: str, data: Any = None) -> Any:
        return self.client.post(ROOT + path, {} if data is None else data, content_type="application/json")

    def put(self, path: str, data: Any) -> Any:
        return self.client.put(ROOT + path, data, content_type="application/json")

    def patch(self, path: str, data: Any) -> Any:
        return self.client.patch(ROOT + path, data, content_type="application/json")

    def upload(self, path: str, **fields: Any) -> Any:
        return self.client.post(ROOT + path, fields)

    def act(self, name: str, verb: str, **data: Any) -> Any:
        """A verb on a form as it stands now: revision and round are filled in where the verb asks for them."""
        if verb in ("sign", "opinion", "return", "reject"):
            seen = self.get(f"documents/{name}/").json()["document"]
            data = {"revision": seen["revision"], "round": seen["round"], **data}
        return self.post(f"documents/{name}/{verb}/", data)
