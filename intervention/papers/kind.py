"""What the three papers share as kinds: content from the table of fields, blockers, pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.kinds import FormKind
from documents.revisions import rows_of
from intervention.papers.forms import PaperForm
from intervention.papers.reading import content, missing

if TYPE_CHECKING:
    from documents.models import Document
    from organization.models import Person


class PaperKind(FormKind):
    """A paper with a head, maybe lines, and files."""

    paper: PaperForm

    def head(self, row: Any) -> dict[str, Any]:
        """The head as it is signed."""
        return content(self.paper.head, row)

    def lines(self, document: Document) -> list[dict[str, Any]]:
        """The lines as they are signed."""
        if not self.paper.lines_name:
            return []
        return [
            {"id": line.key, **content(self.paper.lines, line)} for line in rows_of(document, self.paper.lines_name)
        ]

    def content(self, document: Document) -> dict[str, Any]:
        return {"head": self.head(self.paper.row(document)), "lines": self.lines(document)}

    def material(self, content: dict[str, Any]) -> Any:
        """Head, lines and files: pictures and texts are what is signed."""
        return {"head": content["head"], "lines": content["lines"], "files": content["attachments"]}

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        if verb != "submit":
            return []
        return [*self.incomplete(document), *self.in_the_way(document)]

    def incomplete(self, document: Document) -> Iterable[str]:
        """A sentence for everything that is not filled in."""
        yield from missing(self.paper.head, self.paper.row(document))
        if self.paper.lines_name:
            lines = list(rows_of(document, self.paper.lines_name))
            if not lines:
                yield _("「%(heading)s」还没有内容，请至少填写一行。") % {"heading": self.paper.heading}
            for line in lines:
                yield from missing(self.paper.lines, line, _("第 %(n)d 行 ") % {"n": line.position})
        if self.paper.files and not document.attachments.exists():
            yield str(self.paper.files)

    def in_the_way(self, document: Document) -> Iterable[str]:
        """What else stands in the way of submitting."""
        return ()

    def new_url(self) -> str:
        return reverse("intervention:new_paper", args=[str(self.kind)])

    def edit_url(self, document: Document) -> str:
        return reverse("intervention:edit_paper", args=[document.name])

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        if path[0] == "head":
            table = self.paper.model._meta.db_table
            return f"{table} {document.pk} {'predecessor_id' if path[1] == 'predecessor' else path[1]}"
        if self.paper.line_model is None:
            return f"documents_document {document.pk} {'.'.join(path)}"
        table = self.paper.line_model._meta.db_table
        rows = {line.key: line.pk for line in rows_of(document, self.paper.lines_name)}
        where = rows.get(path[1], f"{document.pk}/{path[1]}")
        return f"{table} {where} {path[2] if len(path) > 2 else 'key'}"
