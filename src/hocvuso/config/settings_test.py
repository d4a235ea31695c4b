"""Settings of the tests: the same system on a throw-away data folder."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("HOCVUSO_DATA", tempfile.mkdtemp(prefix="hocvuso-test-"))
os.environ.setdefault("HOCVUSO_LOG", "WARNING")

from hocvuso.config import settings as base
from hocvuso.config.settings import *  # noqa: F403
from hocvuso.config.settings import database, env

DEMO = True
CHECK_LINKS = False
_url = env.text("HOCVUSO_TEST_DATABASE_URL")
# SQLite on disk, so that tests with several connections and processes see one database.
_on_disk = {**base.DATABASES["default"], "TEST": {"NAME": str(base.DATA / "test.sqlite3")}}
DATABASES = {"default": database(_url) if _url else _on_disk}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
