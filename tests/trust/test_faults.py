"""A database that fails at any one statement of a verb: afterwards nothing has changed, or everything has."""

import hashlib

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from documents import circulation, verifying
from documents.models import Document
from organization import clock
from tests import forms
from tests.trust.world import JANUARY

pytestmark = pytest.mark.django_db


class Fault(DatabaseError):
    """What the database says at the chosen statement."""


class FailAt:
    """Wraps execution: the k-th statement fails, all others go through."""

    def __init__(self, k):
        self.k, self.count = k, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.k:
            raise Fault(sql)
        return execute(sql, params, many, context)


def fingerprint():
    """Hash over every row of every table of the product."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for label in ("organization", "documents", "intervention", "budgets", "settlements"):
            for model in apps.get_app_config(label).get_models():
                table = model._meta.db_table
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
                digest.update(f"{table}{cursor.fetchall()}".encode())
    return digest.hexdigest()


def draft(cast):
    return forms.purchase_request(cast)


def running(cast):
    return forms.submitted(cast)


def cut(cast):
    document = forms.submitted(cast)
    line = document.work_lines.get(subject="垃圾袋")
    return forms.send_back(document, cast.property_leader, proposals={line.key: forms.Decimal("1000.00")})


def withdrawn(cast):
    document = forms.submitted(cast)
    return circulation.withdraw(document_id=document.pk, actor=cast.property_clerk)


def before_the_last_signature(cast):
    document = forms.submitted(cast)
    for person in (cast.property_leader, cast.property_finance_head, cast.marketing_handler):
        forms.sign(document, person)
    return document


def application(cast):
    origin = forms.approved(cast)
    clock.set_clock(clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    return forms.application(cast)


def application_before_the_last_signature(cast):
    document = application(cast)
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    for post in ("property_leader", "property_finance_head", "property_gm", "marketing_handler", "marketing_head",
                 "finance"):  # fmt: skip
        forms.sign(document, cast[post])
    return document


def carried(cast):
    document = before_the_last_signature(cast)
    return forms.send_back(document, cast.marketing_head, "请补充", mode="back_to_me")


# What is there, what is done, by whom, the state afterwards.
COMMANDS = {
    "submit": (draft, lambda d, c: circulation.submit(document_id=d.pk, actor=c.property_clerk), "circulating"),
    "sign": (running, lambda d, c: forms.sign(d, c.property_leader), "circulating"),
    "sign and approve": (before_the_last_signature, lambda d, c: forms.sign(d, c.marketing_head), "approved"),
    "return": (running, lambda d, c: forms.send_back(d, c.property_leader), "returned"),
    "return to a station": (
        before_the_last_signature,
        lambda d, c: forms.send_back(d, c.marketing_head, to=2),
        "circulating",
    ),
    "take over": (cut, lambda d, c: circulation.take_over(document_id=d.pk, actor=c.property_clerk), "circulating"),
    "submit again": (carried, lambda d, c: circulation.submit(document_id=d.pk, actor=c.property_clerk), "circulating"),
    "withdraw": (running, lambda d, c: circulation.withdraw(document_id=d.pk, actor=c.property_clerk), "withdrawn"),
    "void": (
        withdrawn,
        lambda d, c: circulation.void(document_id=d.pk, actor=c.property_clerk, reason="填错"),
        "voided",
    ),
    "reject": (
        running,
        lambda d, c: circulation.reject(
            document_id=d.pk, actor=c.property_leader, revision=1, round_n=1, opinion="不同意"
        ),
        "rejected",
    ),
    "submit an application": (
        application,
        lambda d, c: circulation.submit(document_id=d.pk, actor=c.property_finance),
        "circulating",
    ),
    "approve an application": (
        application_before_the_last_signature,
        lambda d, c: forms.sign(d, c.general_manager),
        "approved",
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_at_any_statement_leaves_nothing_half_done(cast, command):
    prepare, act, state = COMMANDS[command]
    document = prepare(cast)
    before = fingerprint()
    k = 0
    while True:
        k += 1
        failing = FailAt(k)
        try:
            with connection.execute_wrapper(failing):
                act(document, cast)
        except Fault:
            assert fingerprint() == before, f"half done after statement {k}"
            continue
        if failing.count >= k:
            # The fault was swallowed: what was asked for must have happened, whole.
            assert Document.objects.get(pk=document.pk).state == state, f"lost at statement {k}"
        break
    assert k > 10
    assert Document.objects.get(pk=document.pk).state == state
    assert list(verifying.differences()) == []


def test_a_fault_while_a_form_is_opened_leaves_no_draft(cast):
    before, k = fingerprint(), 0
    while True:
        k += 1
        failing = FailAt(k)
        try:
            with connection.execute_wrapper(failing):
                forms.purchase_request(cast, month=JANUARY)
        except Fault:
            assert fingerprint() == before, f"half done after statement {k}"
            continue
        break
    assert failing.count < k
    assert list(verifying.differences()) == []
