"""Many documents at once, written round the verbs (with the guards out) to measure reading."""

from datetime import date, timedelta

from django.db import connection

from documents import guards
from documents.deadlines import month_from
from documents.models import Act, Document, Editor, Revision, Step
from documents.vocabulary import MONTHLY_KINDS, Kind
from organization import clock
from tests.forms import DECEMBER

CHAIN = ("property_leader", "property_finance_head", "marketing_handler", "marketing_head")


def _monthly(n: int) -> tuple[str, date] | None:
    """Two forms in fifty, one in each project, are monthly ones, each of a month of its own from 2026-12 backwards."""
    if n % 50 not in (48, 49):
        return None
    count = n // 50
    return MONTHLY_KINDS[count % 3], month_from(DECEMBER, -(count // 3))


def seed(cast, rows: int) -> None:
    """Mostly approved confirmations over two projects, a share of them open at the marketing handler, and overdue monthly forms."""
    guards.uninstall()
    now = clock.now()
    people = [cast[name] for name in CHAIN]
    for start in range(0, rows, 5000):
        batch = []
        for n in range(start, min(start + 5000, rows)):
            foreign = n % 2 == 1
            monthly = _monthly(n)
            batch.append(
                Document(
                    kind=monthly[0] if monthly else Kind.WORK_COMPLETION,
                    number=f"X-{n:07d}",
                    project=cast.projects["YJ" if foreign else "CH"],
                    instalment=cast.instalments["YJ-1" if foreign else "CH-2"],
                    period=monthly[1] if monthly else DECEMBER,
                    side="pre",
                    title=f"2026年12月物业采购申请表 {n}",
                    amount="100.00",
                    state="circulating" if monthly or n % 400 == 0 else "approved",
                    creator=cast["yj_property_clerk" if foreign else "property_clerk"],
                    submitted_by=cast["yj_property_clerk" if foreign else "property_clerk"],
                    revision_n=1,
                    round_n=1,
                    search_text=f"x-{n:07d} 2026年12月物业采购申请表 翠湖花园 chhy",
                    created_at=now - timedelta(minutes=n),
                    changed_at=now,
                    first_submitted_at=now,
                    submitted_at=now,
                )
            )
        documents = Document.objects.bulk_create(batch)
        Editor.objects.bulk_create(Editor(document=row, person_id=row.creator_id) for row in documents)
        Revision.objects.bulk_create(
            Revision(
                document=row, n=1, content="{}", sha256="0" * 64, amount=row.amount, facts={},
                submitted_by_id=row.creator_id, submitted_at=now,
            )
            for row in documents
        )  # fmt: skip
        acts = Act.objects.bulk_create(
            Act(document=row, revision_n=1, round_n=1, person=person, kind="sign", at=now, content_sha256="0" * 64)
            for row in documents
            for person in (people[:2] if row.state == "circulating" else people)
        )
        by_document = {(act.document_id, act.person_id): act for act in acts}
        Step.objects.bulk_create(
            Step(
                document=row, project_id=row.project_id, kind=row.kind, revision_n=1, round_n=1,
                position=max(1, index), post=post, act=by_document.get((row.pk, person.pk)), clause="3.2.1 2)",
                status="signed" if (row.pk, person.pk) in by_document else ("open" if index == 2 else "waiting"),
            )
            for row in documents
            for index, (post, person) in enumerate(zip(CHAIN, people, strict=True))
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
