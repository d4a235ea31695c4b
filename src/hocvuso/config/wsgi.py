"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.config.settings")
application = get_wsgi_application()

if os.environ.get("HOCVUSO_WORKER_HERE") == "1":
    from hocvuso.web.background import start_thread

    start_thread()
