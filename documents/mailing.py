"""Notices by mail: sent after the transaction that wrote them, at least once, never two at a time (design 20)."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from documents.models import Document, Notice
from documents.wording import notice_text
from organization import clock

logger = logging.getLogger(__name__)

# Any constant of our own: the lock on PostgreSQL under which one mailer works at a time.
_LOCK = 0x6D61696C
# After a failure the same notice, or the whole server, rests for a minute at first and for an hour at most.
_REST, _LONGEST_REST = 60, 3600
_failed: dict[int, tuple[int, float]] = {}
_SERVER = 0


def send_due(limit: int = 50) -> int:
    """Mail the notices that are due and mark them; answers how many left.

    One mailer works at a time, and a notice is marked once it has been handed over: a crash between the two sends it again,
    under the same Message-ID. Who has no address, may not log in or may not see the form any more gets no mail. Failures
    are logged and tried again. Never call it inside a transaction.
    """
    if _rests(_SERVER):
        return 0
    with _alone() as mine:
        if not mine:
            return 0
        _without_mail()
        due = _due(limit)
        return _send(due) if due else 0


def overdue_count() -> int:
    """Notices that were to be mailed more than an hour ago: the server or an address refuses them, or nothing sends them."""
    reachable = ~Q(recipient__email=""), Q(recipient__is_active=True)
    waiting = Notice.objects.filter(*reachable, mailed_at=None, created_at__lt=clock.now() - timedelta(hours=1))
    return waiting.count()


def _due(limit: int) -> list[Notice]:
    with transaction.atomic(durable=True):
        rows = Notice.objects.filter(mailed_at=None).select_related("recipient__company", "document").order_by("pk")
        resting = [pk for pk in _failed if _rests(pk)]
        return list(rows.exclude(pk__in=resting)[:limit])


def _without_mail() -> None:
    """Nothing is mailed to people without an address or who may not log in: their notices are done with."""
    nobody = Notice.objects.filter(Q(recipient__email="") | Q(recipient__is_active=False), mailed_at=None)
    if nobody.exists():  # looking first spares SQLite a write lock a second
        keys = list(nobody.values_list("pk", flat=True)[:5000])
        Notice.objects.filter(pk__in=keys, mailed_at=None).update(mailed_at=clock.now())


def _send(due: list[Notice]) -> int:
    sent = 0
    server = get_connection()
    try:
        server.open()
        for notice in due:
            if not _may_read(notice):
                _mark(notice)
                continue
            try:
                _message(notice, server).send()
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
                logger.warning("notice %s to %s was not mailed: %s", notice.pk, notice.recipient_id, error)
                _rest(notice.pk)
                continue
            _mark(notice)
            sent += 1
        _failed.pop(_SERVER, None)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("mail server: %s", error)
        _rest(_SERVER)
    finally:
        server.close()
    return sent


def _mark(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=clock.now())
    _failed.pop(notice.pk, None)


def _may_read(notice: Notice) -> bool:
    """Whether the recipient may see the form still; a right that was taken away takes the mail with it."""
    if notice.document_id is None:
        return True
    return Document.objects.visible_to(notice.recipient).filter(pk=notice.document_id).exists()


def _message(notice: Notice, server: object) -> EmailMessage:
    with translation.override(notice.recipient.language):
        sentence = notice_text(notice)
        document = notice.document
        subject = f"{document.name} {sentence}" if document else sentence
        lines = [_("%(name)s，您好：") % {"name": notice.recipient.name}, "", sentence]
        if document:
            lines += ["", f"{document.title}", document.name]
        lines += ["", f"{settings.SITE_URL}{notice.url or '/'}"]
    digest = hashlib.sha256(notice.dedup_key.encode()).hexdigest()[:32]
    return EmailMessage(
        subject=" ".join(subject.split())[:150],
        body="\n".join(lines),
        to=[notice.recipient.email],
        connection=server,
        headers={
            "Message-ID": f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _rests(key: int) -> bool:
    return key in _failed and time.monotonic() < _failed[key][1]


def _rest(key: int) -> None:
    times = _failed.get(key, (0, 0))[0]
    _failed[key] = (times + 1, time.monotonic() + min(_REST * 2**times, _LONGEST_REST))


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the only mailer at work: an advisory lock on PostgreSQL, a locked file on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with (settings.VAR_DIR / "mail.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
