"""What a phone shows where there is no network: a page that holds nothing of anybody, and the service worker that answers with it.

The worker keeps that page and its files alone, and hands them out only where the network fails; every other answer passes it by.
"""

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

# All that the page needs; a test reads the page and holds the list to it.
FILES = (
    "favicon.svg",
    "vendor/bootstrap.min.css",
    "app.css",
    "lists.css",
    "document.css",
    "grid.css",
    "icons.svg",
    "js/actions.js",
    "js/offline.js",
)


@require_safe
@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """Nothing is lost, how much waits on this device, and trying again; the same for everybody."""
    return render(request, "config/offline.html")


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It lies at the root, for it may answer for no page above itself."""
    with translation.override("zh-hans"):
        version = sha256(render_to_string("config/offline.html").encode()).hexdigest()[:12]
    context = {"files": [static(name) for name in FILES], "version": version}
    answer = render(request, "config/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
