"""The page of help: what each post does and where, the five phases from the template in force, who signs what from the policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from documents import policies
from documents.guide import of_guide
from documents.permissions import post_names
from documents.reasons import why
from documents.routing import GROUP, GROUPS, Facts, Rule, rules_for
from documents.vocabulary import Kind, Phase, Result
from intervention.queries import template_by_phase
from intervention.vocabulary import ItemKind
from organization import clock
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Policy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the page: a heading and what to do, one sentence a step."""

    key: str
    title: Text
    steps: tuple[Text, ...]


TOPICS = (
    Topic(
        "start",
        _("从哪里开始"),
        (
            _("「工作台」列出等您办的事：待签的单据、被退回的单据、本月还没报的表、前期介入待办，逾期的标红。"),
            _("「审批中心」签批单据：同意、退回（可逐行核减金额）、拒绝；手机上按钮在屏幕下方。"),
            _("「发起申请」新建单据：在网页填写、复制上月、导入 Excel，或下载模板离线填好再导入。"),
            _("填写时自动保存；断网或换设备后从「我的草稿」继续。"),
            _("每张单据都能看到签批路径、每一站为什么要签、现在在谁手里、每次提交改了什么。"),
        ),
    ),
    Topic(
        "plan",
        _("前期介入：编排、启动、关闭"),
        (
            _("营销客服部在「前期介入」按项目或分期编排五个阶段，日期由节点推算；预览会标出已过的日期。"),
            _(
                "节点变动在「节点与日期」填写：先预览哪些日期会移动，再写明原因一次调整。分期可有自己的售楼处开放和竣工验收日期。"
            ),
            _("单项改期须写明原因，改过的日期不再随节点移动，直到恢复推算。"),
            _("到期启动阶段；提前启动写明原因，如秩序维护岗先进场。"),
            _("物业公司勾选完成的工作、提交阶段成果；条件都满足后由小组负责人关闭阶段，不满足时逐条列出还差什么。"),
            _("《入伙方案》有自己的日期，不影响营销配合阶段关闭。"),
        ),
    ),
    Topic(
        "results",
        _("阶段成果"),
        (
            _("在阶段页面打开成果，逐项填写必备内容所在的页码，上传文件后提交。"),
            _("先经物业分管领导，再由接收岗位接收；退回时写明意见，修改后重新提交，签批人看到与上次提交的差别。"),
            _("接收之后需要更新，就起草下一版：上一版的内容带过来，页面列出改了什么。"),
            _(
                "三份工程成果可以由现场问题生成：《项目分户工程质量现状报告》《公共部位工地巡查报告》《房屋质量缺陷表》。"
            ),
        ),
    ),
    Topic(
        "site",
        _("现场巡查（手机）"),
        (
            _("在「现场巡查」新建一次巡查，逐条登记问题：楼栋、楼层、部位、专业，随手拍照，可一次选多张。"),
            _("没有信号也能登记：问题和照片先存在手机里，恢复网络后自动补传，页面显示还有几条未传。"),
            _("照片上传后去除位置信息（除非本项目规定保留），可隐藏拍错的照片并写明原因。"),
            _("问题移交项目部，整改后拍照，复查通过即关闭；不合格退回再改。承接查验须在两个不同日期各查一次。"),
            _("工程例会和现场工作协调会登记出席、决定和待办，待办逐条关闭。"),
        ),
    ),
    Topic(
        "marketing",
        _("宣传承诺和工作日志"),
        (
            _("凡对外发布、涉及物业服务的文字或图片，先由营销小组提交《宣传承诺确认单》，物业公司书面确认后才能使用。"),
            _("发现已在使用而未确认的，登记在「宣传承诺」：补办确认，或停用并登记。"),
            _("售楼处、样板间、活动和岗位每天记一份日志，由营销小组经办人确认；一个月汇总成一份，可附到事后确认。"),
        ),
    ),
    Topic(
        "assessment",
        _("服务方案、协议和考核"),
        (
            _("入伙后服务方案由项目物业经理提交，营销小组负责人只出意见，客服小组负责人审定。"),
            _("前期介入协议分版本、有期限，到期前提醒。"),
            _(
                "每月考核由两个小组按考核标准打分，物业公司五个工作日内申述一次，再下结论；考核列在费用结算旁边，不改变金额。"
            ),
        ),
    ),
    Topic(
        "money",
        _("月度计划、确认和费用申请"),
        (
            _("先批计划再开工；开工后才首次提交的单据须写原因，标记为事后补报。"),
            _("做完之后报「工作量事后确认」，数量和金额不能超过已批准的行。"),
            _("每月由物业公司汇总已确认的费用提交「费用申请」，佣金只计一次；资料包可下载 PDF 和 Excel。"),
            _("入伙前由营销小组、入伙后由客服小组签批，以首次提交时为准。"),
        ),
    ),
)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Help for everybody who is logged in: nothing on it belongs to a project."""
    policy = policies.in_force(clock.today())
    context = {"topics": TOPICS, "phases": _phases(policy), "ways": _ways(policies.rules_of(policy))}
    return render(request, "config/help.html", context)


def _phases(policy: Policy) -> list[dict[str, Any]]:
    """The five phases: when they begin, what they yield, who receives it; from the template and the policy of today."""
    rows = template_by_phase()
    found = []
    for phase in Phase:
        of_phase = rows.get(phase, [])
        results = [row for row in of_phase if row.kind == ItemKind.RESULT]
        facts = [Facts(kind=Kind.PHASE_RESULT, phase=phase, result=row.result) for row in results]
        receivers = {post for fact in facts for post in policies.chain_for(policy, fact)[-1].posts}
        found.append(
            {
                "label": phase.label,
                "start": next((row for row in of_phase if row.kind == ItemKind.START), None),
                "results": [of_guide(row.title) for row in results],
                "receivers": post_names(post for post in Post if post in receivers),
            }
        )
    return found


def _ways(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Every kind with its stations in the policy's order."""
    rules = tuple(rules)
    return [{"kind": kind.label, "stations": [_station(rule) for rule in rules_for(rules, kind)]} for kind in Kind]


def _station(rule: Rule) -> dict[str, Any]:
    """A station: who signs, when it is on the way, by which clause."""
    reasons = [reason for _holds, reason in rule.conditions(Facts(kind=str(rule.kind))) if reason]
    said = {"code": "all", "parts": reasons} if reasons else {"code": "always"}
    groups = GROUPS.values() if rule.side is None else (GROUPS[rule.side],)
    posts = [post_names(post.replace(GROUP, group) for group in groups) for post in rule.posts]
    except_result = Result(rule.unless_result).label if rule.unless_result else ""
    return {
        "posts": posts,
        "why": why("", said),
        "clause": rule.clause,
        "opinion": rule.mode == "opinion",
        "except": except_result,
    }
