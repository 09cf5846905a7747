"""The table of verbs: page action, button, API route, permission row and legality test all walk it (design 12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from documents import circulation, permissions
from documents.models import Document
from documents.permissions import Denial
from documents.refusals import Invalid
from documents.standing import Standing, standing
from documents.states import ReturnMode
from organization.reading import sentences

if TYPE_CHECKING:
    from organization.models import Person


class NoFields(serializers.Serializer):
    """A verb that needs nothing but its name."""


class SubmitFields(serializers.Serializer):
    """The working copy that was seen; left out, the newest one is submitted."""

    draft_version = serializers.IntegerField(required=False, min_value=1, label=_("草稿版本"))
    late_reason = serializers.CharField(required=False, allow_blank=True, max_length=500, label=_("补报原因"))


class SeenFields(serializers.Serializer):
    """The revision and round that the person saw."""

    revision = serializers.IntegerField(min_value=1, label=_("第几次提交"))
    round = serializers.IntegerField(min_value=1, label=_("轮次"))


class SignFields(SeenFields):
    """Agree; an opinion may be added."""

    opinion = serializers.CharField(required=False, allow_blank=True, max_length=500, label=_("意见"))


class OpinionFields(SeenFields):
    """A reason or opinion that must be given."""

    opinion = serializers.CharField(max_length=500, label=_("意见"))


class PlainAmountField(serializers.DecimalField):
    """An amount in 元 in plain notation: at most two decimals, never ``1e3``, ``1_000`` or other digits (guide 5)."""

    PLAIN = re.compile(r"-?[0-9]{1,11}(\.[0-9]{1,2})?")

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not self.PLAIN.fullmatch(str(data)):
            raise serializers.ValidationError(_("金额请用普通写法，最多两位小数，如 1234.50。"))
        return super().to_internal_value(data)


class ProposalFields(serializers.Serializer):
    """A proposed amount of one line, in 元."""

    line = serializers.CharField(max_length=40, label=_("明细行"))
    amount = PlainAmountField(max_digits=13, decimal_places=2, label=_("金额"))


class ReturnFields(OpinionFields):
    """Return: where to, how it comes back, and amounts proposed by line."""

    to = serializers.IntegerField(required=False, default=0, min_value=0, label=_("退回到"))
    mode = serializers.ChoiceField(
        choices=ReturnMode.choices, required=False, default=ReturnMode.RESTART, label=_("修改后")
    )
    proposals = ProposalFields(many=True, required=False, label=_("核减金额"))


class ReasonFields(serializers.Serializer):
    """Why a form is voided."""

    reason = serializers.CharField(max_length=500, label=_("原因"))


class FileFields(serializers.Serializer):
    """A file to attach."""

    file = serializers.FileField(label=_("文件"), allow_empty_file=True)
    paper = serializers.CharField(required=False, allow_blank=True, max_length=50, label=_("资料名称"))


class AttachmentFields(serializers.Serializer):
    """Which file to take away."""

    attachment = serializers.IntegerField(min_value=1, label=_("附件"))


class LabelFields(AttachmentFields):
    """Which required paper a file is; empty: none."""

    paper = serializers.CharField(allow_blank=True, max_length=50, label=_("资料名称"))


class CommentFields(serializers.Serializer):
    """A remark for the trail."""

    text = serializers.CharField(max_length=500, label=_("留言"))


@dataclass(frozen=True)
class Verb:
    """One thing that a person can do with a document."""

    name: str
    label: str | Promise
    icon: str
    tone: str
    fields: type[serializers.Serializer]
    function: Callable[..., Any]
    predicate: Callable[[Standing], Denial | None]
    # What the person reads when it has worked.
    done: str | Promise
    # Offered in a panel of the page and not in the action bar.
    in_panel: bool = False
    # Its own fields in the dialogue: a template, and what that reads of the document (as ``data``).
    form: str = ""
    form_data: Callable[[Document], dict[str, Any]] | None = None

    def run(self, document: Document, actor: Person, data: dict[str, Any]) -> Document | None:
        """Call the function with validated fields, under the names it uses."""
        arguments = dict(data)
        if "round" in arguments:
            arguments["round_n"] = arguments.pop("round")
        if "proposals" in arguments:
            arguments["proposals"] = {item["line"]: item["amount"] for item in arguments["proposals"]}
        if "file" in arguments:
            arguments["upload"] = arguments.pop("file")
        if "attachment" in arguments:
            arguments["attachment_id"] = arguments.pop("attachment")
        return self.function(document_id=document.pk, actor=actor, **arguments)


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "submit",
            _("提交"),
            "send",
            "primary",
            SubmitFields,
            circulation.submit,
            permissions.can_submit,
            _("已提交"),
        ),
        Verb(
            "take_over",
            _("采纳核减并重新提交"),
            "check",
            "primary",
            NoFields,
            circulation.take_over,
            permissions.can_take_over,
            _("已按核减金额修改并重新提交"),
        ),
        Verb("sign", _("同意"), "check", "primary", SignFields, circulation.sign, permissions.can_sign, _("已同意")),
        Verb(
            "opinion",
            _("出具意见"),
            "message",
            "primary",
            OpinionFields,
            circulation.give_opinion,
            permissions.can_give_opinion,
            _("已出具意见"),
        ),
        Verb(
            "return",
            _("退回"),
            "arrow-back-up",
            "return",
            ReturnFields,
            circulation.send_back,
            permissions.can_send_back,
            _("已退回"),
        ),
        Verb(
            "reject", _("否决"), "x", "return", OpinionFields, circulation.reject, permissions.can_reject, _("已否决")
        ),
        Verb(
            "withdraw",
            _("撤回"),
            "arrow-back-up",
            "plain",
            NoFields,
            circulation.withdraw,
            permissions.can_withdraw,
            _("已撤回，可修改后重新提交"),
        ),
        Verb("void", _("作废"), "trash", "return", ReasonFields, circulation.void, permissions.can_void, _("已作废")),
        Verb(
            "discard",
            _("删除草稿"),
            "trash",
            "return",
            NoFields,
            circulation.discard,
            permissions.can_discard,
            _("草稿已删除"),
        ),
        Verb(
            "attach",
            _("上传附件"),
            "upload",
            "plain",
            FileFields,
            circulation.attach,
            permissions.can_attach,
            _("附件已上传"),
            in_panel=True,
        ),
        Verb(
            "detach",
            _("移除附件"),
            "trash",
            "plain",
            AttachmentFields,
            circulation.detach,
            permissions.can_detach,
            _("附件已移除"),
            in_panel=True,
        ),
        Verb(
            "label",
            _("标注资料"),
            "paperclip",
            "plain",
            LabelFields,
            circulation.label,
            permissions.can_label,
            _("资料名称已更新"),
            in_panel=True,
        ),
        Verb(
            "comment",
            _("留言"),
            "message",
            "plain",
            CommentFields,
            circulation.comment,
            permissions.can_comment,
            _("留言已记入"),
            in_panel=True,
        ),
    )
}


def register(verb: Verb) -> None:
    """Add a later app's verb; called from its ``ready()``. Its predicate says on which kinds and states it works."""
    VERBS[verb.name] = verb


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb beside a document: possible now, or not and why."""

    verb: Verb
    denial: Denial | None
    document: Document

    @property
    def data(self) -> dict[str, Any]:
        """What the verb's own fields show."""
        return self.verb.form_data(self.document) if self.verb.form_data else {}

    @property
    def asks(self) -> bool:
        """Whether it has a dialogue, and a page for browsers without one."""
        return not self.verb.in_panel or bool(self.verb.form)


def available(document: Document, person: Person) -> list[Offer]:
    """Verbs for the action bar: possible ones, and impossible ones that people would look for, with their reason."""
    who = standing(person, document)
    offers = [Offer(verb, verb.predicate(who), document) for verb in VERBS.values()]
    return [offer for offer in offers if offer.denial is None or not offer.denial.hide]


def perform(name: str, document: Document, person: Person, data: Any) -> Document | None:
    """Validate what was sent and do it; the one door of page and API.

    Raises ``Invalid`` with a sentence per field, or what the verb raises.
    """
    verb = VERBS[name]
    fields = verb.fields(data=data)
    if not fields.is_valid():
        raise Invalid(*sentences(fields))
    return verb.run(document, person, fields.validated_data)
