"""WSGI application; WSGI, not ASGI: the body-size limits of Django hold only here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402 - apps must be loaded first

from documents.checks import refuse_without_guards  # noqa: E402

refuse_without_guards()
# The process serves from its threads, each with a connection of its own.
connections.close_all()
