"""A world with one form of every standing, and what is sent to it: for the census of routes."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from budgets.categorising import add_category
from budgets.models import Category
from documents import circulation
from documents.models import Document, Notice, RequiredPaper
from intervention import planning, ticking
from intervention.assessing import scoring
from intervention.models import AssessmentCriterion, ChecklistItem, TemplateItem
from intervention.planning_work import advising, surveying
from intervention.previewing import seal_of, shifts_of
from organization import clock, places
from organization.models import Appointment
from settlements.applying import open_application
from settlements.packs import pack
from tests import forms
from tests.budgets import sharing

SURVEYED = {
    "company": "华信物业", "distance": Decimal("0.8"), "house_type": "高层", "fee": Decimal("2.30"), "level": "二级", "source": "公示",
}  # fmt: skip
ADVICE = {
    "topic": "layout",
    "drawing": "总图-03",
    "suggestion": "合并岗亭",
    "reason": "减少岗位",
    "proposed_on": "2026-11-20",
}

SAMPLE = next((Path(__file__).parents[1] / "budgets" / "samples").glob("03-*"))


def picture(name: str = "照片.png", colour: str = "white") -> SimpleUploadedFile:
    """A small picture."""
    data = BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def confirmed(cast: Any, *, instalment: str, month: date) -> Document:
    """An approved form whose confirmation is approved too."""
    origin = forms.approved(cast, instalment=instalment, month=month)
    completion = forms.completion(origin=origin, actor=cast.property_clerk)
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    forms.sign_through(completion, cast)
    return origin


class World:
    """P circulating, R returned with a cut, D draft, U approved, F a draft of its confirmation, S approved application with
    its packs, E draft of another one; enough confirmed work for a third; W draft of a staffing plan with parts of a split."""

    def __init__(self, cast: Any) -> None:
        clerk = cast.property_clerk
        self.cast = cast
        # October's application: a side has one a month.
        with clock.at(clock.shanghai(2026, 10, 24)):
            confirmed(cast, instalment="CH-1", month=date(2026, 8, 1))
            self.S = self._application(date(2026, 10, 1))
            self.S = forms.sign_through(circulation.submit(document_id=self.S.pk, actor=self.S.creator), cast)
        for file_format in ("pdf", "xlsx"):
            pack(self.S, file_format)
        confirmed(cast, instalment="CH-1", month=date(2026, 9, 1))
        self.E = self._application(date(2026, 11, 1))
        confirmed(cast, instalment="CH-2", month=date(2026, 9, 1))
        self.U = forms.approved(cast, instalment="CH-1", month=date(2026, 10, 1))
        self.F = forms.completion(origin=self.U, actor=clerk)

        self.D = forms.purchase_request(cast, instalment="CH-1")
        self.P = forms.purchase_request(cast, instalment="CH-2", month=date(2026, 12, 1))
        circulation.attach(document_id=self.P.pk, actor=clerk, upload=picture())
        self.P = circulation.submit(document_id=self.P.pk, actor=clerk)
        self.R = forms.submitted(cast, instalment="CH-2", month=date(2026, 11, 1))
        line = self.R.work_lines.first()
        forms.send_back(self.R, cast.property_leader, proposals={line.key: line.amount - 1})
        circulation.attach(document_id=self.R.pk, actor=clerk, upload=picture("新.png", "black"))
        add_category(actor=None, company=cast.projects["CH"].property_company, kind="purchase_request", name="绿化")
        self.W = sharing.staffing_plan(cast)
        self.split = sharing.split(cast, self.W, "项目主管")
        self._plan()
        self._assess()
        self._site()
        self._records()
        for name in "PRDUFSEW":
            setattr(self, name, Document.objects.get(pk=getattr(self, name).pk))

    def _plan(self) -> None:
        """A plan of CH-2 whose planning phase runs, with work done, a date changed by hand, the draft of a result, and an
        anchor that has moved since."""
        from tests.intervention import planned  # it takes its picture from here

        cast = self.cast
        self.plan = planned.plan(cast)
        planned.started(self.plan, "planning", cast)
        self.rows = {
            name: planned.item(self.plan, f"planning.{key}")
            for name, key in (
                ("work", "survey"),
                ("done", "design"),
                ("dated", "model"),
                ("fresh", "positioning_survey"),
            )
        }
        ticking.tick(item_id=self.rows["done"].pk, actor=cast.property_project_manager)
        planning.move(item_id=self.rows["dated"].pk, actor=cast.service_head, day=date(2026, 12, 9), reason="顺延")
        self.result = planned.result(cast, self.plan, "planning.detail_proposals")
        self._papers()
        moved = {"completion_acceptance_on": date(2027, 4, 30)}
        project = places.set_dates(actor=None, place=cast.projects["CH"], **moved)
        self.seen = seal_of(shifts_of(project))

    def _papers(self) -> None:
        """The draft of a confirmation of promises, and a promise found in use."""
        from tests.intervention import papered

        self.confirmation = papered.publicity(self.cast)
        self.found = papered.found(self.cast)

    def _assess(self) -> None:
        """Of three months before move-in: one with all its points, one that waits for its answer, one to be closed."""
        from tests.intervention import assessed

        cast = self.cast
        scored = assessed.opened(cast, month=date(2026, 8, 1))
        scoring.score(assessment_id=scored.pk, actor=cast.marketing_handler, scores=assessed.full(scored))
        self.assessments = {
            "scoring": scored,
            "answering": assessed.scored(cast, month=date(2026, 7, 1)),
            "closing": assessed.objected(cast, month=date(2026, 6, 1)),
        }

    def _site(self) -> None:
        """A visit of CH-2 with a finding that waits and a repaired one, a photograph, a meeting with a task, a guard post."""
        from tests.intervention import planned, site, test_meetings_and_guards  # they take their people from here

        cast = self.cast
        # A report over findings is asked for while the works are watched.
        planned.started(self.plan, "engineering", cast)
        walk = site.visit(cast, day=date(2026, 11, 20))
        fault, mended = site.found(cast, walk), site.brought(cast, "fixed", walk)
        [photograph] = site.photograph(cast, fault)
        session = test_meetings_and_guards.met(cast)
        task = test_meetings_and_guards.resolved(cast, session)
        watch = test_meetings_and_guards.stood(cast)
        self.rows |= {"walk": walk, "fault": fault, "mended": mended, "photograph": photograph, "session": session}
        self.rows |= {"task": task, "watch": watch, "defects": self.plan_row("engineering.defect_list")}

    def plan_row(self, key: str) -> Any:
        """A row of the plan by its key."""
        from tests.intervention import planned

        return planned.item(self.plan, key)

    def site_body(self, subject: str, verb: str) -> dict[str, Any] | None:
        """What is sent to make, photograph or act on a record of the site."""
        from tests.intervention import site, test_meetings_and_guards

        made = {
            "visit": {"day": "2026-11-20", "kind": "patrol", "trades": ["fire"], "participants": "安平"},
            "finding": {**site.SAID, "visit": self.rows["walk"].pk},
            "meeting": test_meetings_and_guards.MEETING,
            "meeting_action": test_meetings_and_guards.ACTION | {"meeting": self.rows["session"].pk},
            "guard_post": test_meetings_and_guards.POST | {"name": "2号门岗"},
        }
        if verb in ("list", "new"):
            return made[subject] | {"project": "CH", "instalment": "CH-2", "place": "CH-2"}
        if verb == "photos":
            return {"role": "before", "file": picture("问题.png", "red")}
        bodies = {
            "amend": made.get(subject),
            "resolve": test_meetings_and_guards.ACTION,
            "hand": {"responsible": "总包"},
            "fix": {"note": "已整改"},
            "close": {"note": "合格"},
            "finish": {"note": "已办结"},
        }
        return bodies.get(verb, {"reason": "登记有误"})

    def _records(self) -> None:
        """Day logs as draft and filed, one of them of the month of F; advice open and adopted; comparables in and out."""
        from tests.intervention import logged

        cast, clerk, project = self.cast, self.cast.property_clerk, self.cast.projects["CH"]
        logged.filed(cast, date(2026, 10, 10), place="CH-1")
        told = {
            "drawing": "总图-02",
            "suggestion": "合并出入口",
            "reason": "减少岗位",
            "actor": clerk,
            "project": project,
        }
        self.rows["daylog"] = logged.begun(cast, date(2026, 11, 20))
        self.rows["filedlog"] = logged.filed(cast, date(2026, 11, 19))
        self.rows["openadvice"] = advising.advise(topic="layout", **told)
        adopted = advising.advise(topic="model", **told)
        self.rows["adopted"] = advising.adopt(advice_id=adopted.pk, actor=cast.design_reviewer)
        estates = {
            name: surveying.survey(actor=clerk, project=project, estate=name, **SURVEYED) for name in ("甲", "乙")
        }
        self.rows["nearby"], out = estates["甲"], estates["乙"]
        self.rows["leftout"] = surveying.leave_out(comparable_id=out.pk, actor=clerk, reason="不可比")

    def _application(self, month: date) -> Document:
        project = self.cast.projects["CH"]
        return open_application(actor=self.cast.property_finance, project=project, month=month, side="post")

    def _grid(self) -> dict[str, str]:
        """The split's one whole line as its page posts it."""
        line = self.W.work_lines.get(subject="项目主管")
        cells = {
            "id": line.split_key,
            "department_name": "客服部",
            "subject": "项目主管",
            "quantity": "1",
            "wage": "8000",
        }
        return {"lines-TOTAL": "1", **{f"lines-0-{key}": text for key, text in cells.items()}}

    def named(self, word: str) -> str:
        """What a word of the table stands for in an address."""
        if word in "PRDUFSEW":
            return getattr(self, word).name
        rows = {
            "absent": lambda: "CH-PR-202612-999",
            "code": lambda: self.P.check_code,
            "file": lambda: self.P.attachments.get().pk,
            "newfile": lambda: self.R.attachments.get().pk,
            "notice": lambda: Notice.objects.filter(recipient=self.cast.property_leader, document=self.P).first().pk,
            "someone": lambda: self.cast.outsider.pk,
            "split": lambda: self.split.pk,
            "plan": lambda: self.plan.pk,
            "planned": lambda: self.plan.phases.get(phase="marketing").pk,
            "running": lambda: self.plan.phases.get(phase="planning").pk,
            "result": lambda: self.result.name,
            "confirmation": lambda: self.confirmation.name,
            "found": lambda: self.found.pk,
            "row": lambda: TemplateItem.objects.get(key="planning.survey").pk,
            "content": lambda: ChecklistItem.objects.get(title="品质控制方法").pk,
            "criterion": lambda: AssessmentCriterion.objects.get(title="现场保安").pk,
            "category": lambda: Category.objects.get(name="绿化").pk,
            "paper": lambda: RequiredPaper.objects.get(name="委托").pk,
            "appointment": lambda: Appointment.objects.get(person=self.cast.finance).pk,
        }
        if word in self.assessments:
            return str(self.assessments[word].pk)
        if word in self.rows:
            return str(self.rows[word].pk)
        return str(rows[word]()) if word in rows else word

    def body(self, route: str, words: list[str]) -> dict[str, Any]:
        """What is sent: enough for those who may."""
        subjects = ("visit", "finding", "meeting_action", "meeting", "guard_post")
        for subject in subjects:
            if route in ("intervention:act_record", "intervention:new_record", "intervention:record_photos"):
                if words[0] == subject:
                    verb = {"intervention:new_record": "new", "intervention:record_photos": "photos"}.get(
                        route, words[-1]
                    )
                    return self.site_body(subject, verb)
            elif route.startswith(f"intervention_api:{subject}_"):
                return self.site_body(subject, route.removeprefix(f"intervention_api:{subject}_"))
        if route in ("intervention:hide_photo", "intervention_api:photo_hide"):
            return {"reason": "拍到无关的人"}
        acting = ("documents:act", "intervention:act_phase", "intervention:act_item", "intervention:act_record")
        verb = words[-1] if route in acting else route.split(":")[-1]
        for prefix in ("phase_", "item_", "assessment_"):
            verb = verb.removeprefix(prefix)
        if route == "intervention:act_record" and words[0] in ("day_log", "advice", "comparable"):
            verb = f"{words[0]}_{words[-1]}"
        if route == "intervention:new_record":
            verb = f"{words[0]}_list"
        place = {"kind": "purchase_request", "instalment": "CH-1", "month": "2027-03"}
        seen = {"revision": 1, "round": 1}
        shares = [{"instalment": "CH-1", "share": "50"}, {"instalment": "CH-2", "share": "50"}]
        halves = {"share-CH-1": "50", "share-CH-2": "50"}
        line = self.W.work_lines.get(subject="维修工").key
        cell = {"lines-TOTAL": "0", "draft_version": "1"}
        find = {"project": "CH", "channel": "online", "place": "公众号", "subject": "fee", "wording": "一元物业费"}
        find |= {"since_on": "2026-11-20"}
        bodies: dict[str, dict[str, Any]] = {
            "sign": seen,
            "opinion": {**seen, "opinion": "可行"},
            "return": {**seen, "opinion": "请核减"},
            "reject": {**seen, "opinion": "不同意"},
            "void": {"reason": "重复"},
            "comment": {"text": "请尽快"},
            "lapse_rest": {"lines": [self.U.work_lines.first().key], "reason": "不再执行"},
            "start": {"reason": "按现场安排"},
            "reopen": {"reason": "补充"},
            "waive": {"reason": "不需要"},
            "restore": {"reason": "误登"},
            "move": {"day": "2026-12-31", "reason": "调整"},
            "follow": {"reason": "恢复"},
            "shift": {"seen": self.seen},
            "object": {"text": "与现场不符"},
            "score": {"scores": []},
            "close": {"conclusion": "维持"},
            "intervention:close_assessment": {"conclusion": "维持"},
            "intervention:new_assessment": {"project": "CH", "month": "2026-09", "side": "pre"},
            "intervention_api:assessment_list": {"project": "CH", "month": "2026-09", "side": "pre"},
            "intervention:grades": {"start": "x", "word": "优"},
            "intervention:site_reports": {"item": self.rows["defects"].pk},
            "intervention_api:site_reports": {"item": self.rows["defects"].pk},
            "intervention:new_plan": {"project": "CH"},
            "intervention_api:plans": {"project": "CH"},
            "intervention:new_result": {"item": self.rows["fresh"].pk},
            "intervention_api:results": {"item": self.rows["fresh"].pk},
            "intervention:edit_result": {"draft_version": self.result.draft_version},
            "intervention:autosave_result": {"draft_version": self.result.draft_version},
            "intervention_api:entries": {"entries": []},
            "intervention:new_paper": {"project": "CH"},
            "intervention_api:papers": {"kind": "publicity_confirmation", "project": "CH"},
            "intervention:edit_paper": {"draft_version": self.confirmation.draft_version},
            "intervention:autosave_paper": {"draft_version": self.confirmation.draft_version},
            "intervention_api:paper": {"head": {}},
            "find_promise": find,
            "found_promises": find,
            "withdraw_promise": {"reason": "已撤下"},
            **self._record_bodies(),
            "language": {"language": "en"},
            "organization:login": {"username": "finance", "password": "wrong"},
            "budgets:shared": {"document": self.W.name, "draft_version": self.W.draft_version, "line": line, **halves},
            "budgets:shared_split": {**halves, **self._grid()},
            "budgets_api:splits": {"document": self.W.name, "lines": [line], "shares": shares},
            "budgets_api:split": {"shares": shares},
            "budgets:edit": cell,
            "budgets:autosave": cell,
            "budgets:edit_completion": cell,
            "budgets:autosave_completion": cell,
            "budgets:start_completion": {"month": "2026-11"},
            "budgets_api:work_forms": {**place, "lines": forms.LINES},
            "budgets_api:copy": place,
            "budgets_api:completions": {"origin": self.U.name},
            "budgets_api:lines": {"lines": forms.LINES},
            "budgets_api:actuals": {"lines": []},
            "organization_api:calendar": {"text": "2027-01-01,休,元旦\n2027-10-01,休,国庆节"},
            "settlements_api:reversals": {"reason": "数量有误"},
            "settlements_api:applications": {"project": "CH", "month": "2026-11", "side": "pre"},
        }
        if route == "intervention_api:day_log_photos":
            return {"file": picture("现场.png", "green")}
        if verb == "attach":
            return {"file": picture("补.png", "red")}
        if verb == "detach":
            return {"attachment": self.named("newfile")}
        if verb == "label":
            return {"attachment": self.named("newfile"), "paper": ""}
        if route == "budgets_api:import":
            upload = SimpleUploadedFile(SAMPLE.name, SAMPLE.read_bytes())
            return {**place, "instalment": "CH-2", "month": "2026-12", "file": upload}
        if route in ("settlements:edit", "settlements_api:application_lines"):
            keep = [line.completion_line_id for line in self.E.application_lines.all()[:2]]
            return {"keep": keep, "draft_version": self.E.draft_version}
        return bodies.get(route, bodies.get(verb, {"nothing": "1"}))

    def _record_bodies(self) -> dict[str, dict[str, Any]]:
        """What is sent to records, by subject and verb."""
        place, reason = {"project": "CH", "place": "CH"}, {"reason": "说明原因"}
        estate = {"estate": "丙", **{name: str(value) for name, value in SURVEYED.items()}, "surveyed_on": "2026-11-20"}
        return {
            "intervention:day_logs": {"log": [self.rows["filedlog"].pk]},
            "intervention:day_month": {"document": self.F.name, "format": ["pdf"]},
            "intervention_api:day_month": {"document": self.F.name, "formats": ["xlsx"]},
            "day_log_list": {**place, "day": "2026-11-18", "spot": "show_flat", "visitors": "3"},
            "day_log_edit": {"day": "2026-11-20", "visitors": "4"},
            "day_log_return": reason,
            "day_log_drop": reason,
            "advice_list": {**place, **ADVICE},
            "advice_edit": ADVICE,
            "advice_decline": reason,
            "advice_withdraw": reason,
            "comparable_list": {**place, **estate},
            "comparable_edit": estate,
            "comparable_leave": reason,
            "comparable_count": reason,
        }
