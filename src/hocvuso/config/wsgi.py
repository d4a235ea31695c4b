"""The WSGI application that Granian serves."""

import logging
import os

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.config.settings")
application = get_wsgi_application()

for message in run_checks(tags=["ready"], include_deployment_checks=True):
    logging.getLogger("hocvuso").warning("%s %s [%s]", message.msg, message.hint, message.id)

if os.environ.get("HOCVUSO_WORKER_HERE") == "1":
    from hocvuso.web.background import start_thread

    start_thread()
