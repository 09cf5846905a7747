"""What somebody could do who knows how everything that was signed is hashed."""

from documents import trail
from documents.canonical import canonical_json, sha256_data, sha256_text
from documents.models import Act, Document
from documents.revisions import full_content


def forge(document):
    """The newest submission of a document written anew from its rows, with every hash that hangs on it."""
    document = Document.objects.get(pk=document)
    revision = document.revisions.get(n=document.revision_n)
    text, old = canonical_json(full_content(document)), revision.sha256
    document.revisions.filter(pk=revision.pk).update(content=text, sha256=sha256_text(text))
    Act.objects.filter(document=document, content_sha256=old).update(content_sha256=sha256_text(text))
    previous = ""
    for event in document.events.order_by("seq"):
        if event.content_sha256 == old:
            event.content_sha256 = sha256_text(text)
        if event.parameters.get("revision") == revision.n:
            event.parameters["facts_sha256"] = sha256_data(document.revisions.get(pk=revision.pk).facts)
        event.previous_hash = previous
        event.hash = previous = trail.event_hash(event, document.reference)
        event.save()
