"""The verbs of circulation: the only writers of a document once it exists. One verb, one function, one transaction."""

from documents.circulation.attaching import attach, comment, detach, label
from documents.circulation.ending import discard, void, withdraw
from documents.circulation.signing import give_opinion, reject, send_back, sign
from documents.circulation.submitting import submit, take_over

__all__ = [
    "attach",
    "comment",
    "detach",
    "discard",
    "give_opinion",
    "label",
    "reject",
    "send_back",
    "sign",
    "submit",
    "take_over",
    "void",
    "withdraw",
]
