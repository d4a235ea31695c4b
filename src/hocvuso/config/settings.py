"""Settings: one file, driven by the environment. docs/reference/settings.md lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hocvuso.config import environment as env

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent

# Where everything that is not code lives.
DATA = Path(env.text("HOCVUSO_DATA", "data")).expanduser().resolve()
DATA.mkdir(parents=True, exist_ok=True)
SECRETS = DATA / "secrets"

DEBUG = env.flag("HOCVUSO_DEBUG")
# Demo conveniences: the outbox page that shows text messages, demo accounts on the sign-in page. Never on real data.
DEMO = env.flag("HOCVUSO_DEMO")
SECRET_KEY = env.kept_secret(SECRETS, "secret_key", "HOCVUSO_SECRET_KEY")
# Keys personal look-ups (phone, e-mail, personal number) and the digests of the ledger. Losing it loses both.
LEDGER_KEY = env.kept_secret(SECRETS, "ledger_key", "HOCVUSO_LEDGER_KEY")
FIELD_KEY = env.kept_secret(SECRETS, "field_key", "HOCVUSO_FIELD_KEY")
SIGNING_KEYS = Path(env.text("HOCVUSO_SIGNING_KEYS", str(SECRETS / "signing"))).expanduser()

PUBLIC_URL = env.text("HOCVUSO_PUBLIC_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("HOCVUSO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("HOCVUSO_TRUSTED_ORIGINS", PUBLIC_URL if PUBLIC_URL.startswith("https") else "")
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    # Shell first, so that its templates win.
    "hocvuso.web",
    "hocvuso.programme",
    "hocvuso.indicators",
    "hocvuso.credentials",
    "hocvuso.assessment",
    "hocvuso.learning",
    "hocvuso.curriculum",
    "hocvuso.evidence",
    "hocvuso.people",
    "hocvuso.units",
    "hocvuso.kernel",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hocvuso.web.middleware.SecurityHeaders",
    "hocvuso.web.middleware.SameForEverybody",
    "hocvuso.curriculum.middleware.SharedBytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hocvuso.people.middleware.OfficerIdle",
    "hocvuso.curriculum.middleware.StudioDoor",
    "hocvuso.people.middleware.OperatorsDoor",
    "django_htmx.middleware.HtmxMiddleware",
    "hocvuso.web.middleware.KnownErrors",
]

ROOT_URLCONF = "hocvuso.config.urls"
WSGI_APPLICATION = "hocvuso.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hocvuso.web.context.page",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """Django's description of a database named by address: `sqlite:///path` or `postgresql://user:password@host:port/name?sslmode=…`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path) or str(DATA / "hocvuso.sqlite3"),
            "OPTIONS": {
                # One writer at a time waits its turn instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        pool = int(options.pop("pool", "0"))
        if pool:
            options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 0 if pool else 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise env.BadSetting(f"HOCVUSO_DATABASE_URL={url}: write sqlite:///path or postgresql://user:password@host/name.")


DATABASES = {"default": database(env.text("HOCVUSO_DATABASE_URL", f"sqlite:///{DATA / 'hocvuso.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = env.text("HOCVUSO_REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}
    if _redis
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:after-sign-in"
LOGOUT_REDIRECT_URL = "web:home"

# Signing in (people). One account by phone or e-mail and a code; officers have a password and an authenticator app besides.
ACCOUNT_ADAPTER = "hocvuso.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1"]
SILENCED_SYSTEM_CHECKS = [
    "account.W001",  # signing up is signing in by code: neither of the two is required
    "security.W019",  # the studio shows its own pages in frames; nobody else may
]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code proves the address
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {
    "numeric": True,
    "dashed": False,
    "length": 6,
}
ACCOUNT_PASSWORD_RESET_BY_CODE_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# A class of sixty behind one address signs in within minutes; one phone gets few messages.
ACCOUNT_RATE_LIMITS = {
    "login": "300/10m/ip",
    "request_login_code": "200/10m/ip,4/10m/key,10/d/key",
    "verify_phone": "60/10m/ip,4/10m/key",
    "change_phone": "5/10m/user",
    "login_failed": "100/10m/ip,5/30m/key",
    "reset_password": "60/10m/ip,4/10m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("HOCVUSO_PROXIES", 1 if env.flag("HOCVUSO_BEHIND_PROXY") else 0)
ACCOUNT_FORMS = {
    "add_email": "hocvuso.people.forms.EmailForm",
    "change_password": "hocvuso.people.forms.NewPasswordForm",
    "confirm_password_reset_code": "hocvuso.people.forms.ResetCodeForm",
    "reauthenticate": "hocvuso.people.forms.AgainForm",
    "reset_password": "hocvuso.people.forms.ForgottenForm",
    "reset_password_from_key": "hocvuso.people.forms.ResetPasswordForm",
    "set_password": "hocvuso.people.forms.FirstPasswordForm",
    "verify_phone": "hocvuso.people.forms.PhoneCodeAgainForm",
}
MFA_FORMS = {
    "activate_totp": "hocvuso.people.forms.AppSetUpForm",
    "authenticate": "hocvuso.people.forms.AppCodeForm",
    "reauthenticate": "hocvuso.people.forms.AppCodeAgainForm",
}
MFA_ADAPTER = "hocvuso.people.adapters.SecondStepAdapter"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
SOCIALACCOUNT_ADAPTER = "hocvuso.people.adapters.VNeIDAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # a form that leaves the site would break form-action 'self'; the state parameter guards
)
SOCIALACCOUNT_STORE_TOKENS = False
# OpenID Connect (VNeID, or a ministry's own): shown on the sign-in page when its server is named.
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if _oidc_server := env.text("HOCVUSO_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": env.text("HOCVUSO_OIDC_ID", "vneid"),
            "name": env.text("HOCVUSO_OIDC_NAME", "VNeID"),
            "client_id": env.text("HOCVUSO_OIDC_CLIENT"),
            "secret": env.text("HOCVUSO_OIDC_SECRET"),
            "settings": {"server_url": _oidc_server, "scope": env.words("HOCVUSO_OIDC_SCOPE", "openid,profile")},
        }
    )

# Text messages: any provider with an HTTPS endpoint; without one a demo shows them on a page.
SMS_URL = env.text("HOCVUSO_SMS_URL")
if SMS_URL and not SMS_URL.startswith("https://"):
    raise env.BadSetting(f"HOCVUSO_SMS_URL={SMS_URL}: write an address that begins with https://.")
SMS_TOKEN = env.text("HOCVUSO_SMS_TOKEN")
SMS_SENDER = env.text("HOCVUSO_SMS_SENDER")
SMS_FIELDS = env.words("HOCVUSO_SMS_FIELDS", "to,text,sender")
if len(SMS_FIELDS) != 3:
    raise env.BadSetting("HOCVUSO_SMS_FIELDS: write the provider's three names for recipient, text and sender.")

# Whether background work asks if the addresses in lessons still answer; installations without the internet turn it off.
CHECK_LINKS = env.flag("HOCVUSO_CHECK_LINKS", default=not DEBUG)

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if _redis else "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "hvs_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90  # learners; officers are held to OFFICER_IDLE_SECONDS by people.middleware
OFFICER_IDLE_SECONDS = 30 * 60  # domain.md §7: session idle 30 minutes
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "hvs_csrf"
CSRF_FAILURE_VIEW = "hocvuso.web.problems.stale_form"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS and env.flag("HOCVUSO_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("HOCVUSO_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

# A number people can call when they are stuck; shown on every page when set.
HELP_PHONE = env.text("HOCVUSO_HELP_PHONE")

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = USE_TZ = True
# What the studio's own framework leaves in English.
LOCALE_PATHS = [PACKAGE / "curriculum" / "studio_locale"]
FORMAT_MODULE_PATH = ["hocvuso.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HOCVUSO_STATIC", str(DATA / "static"))).expanduser()
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hocvuso.web.storage.Static"},
}
STATICFILES_FINDERS = [
    "hocvuso.web.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Who stands on certificates and signs credentials, as its own letterhead writes it.
ISSUER_NAME = env.text("HOCVUSO_ISSUER", "Học Vụ Số")

# Hand-over to VNeID (docs/reference/vneid-handover.md): by HTTPS with mutual TLS, by files in two folders, or, with neither,
# carried by officers. Answers are believed when one of VNEID_KEYS (Multikeys, z6Mk…) signed them.
VNEID_URL = env.text("HOCVUSO_VNEID_URL").rstrip("/")
VNEID_CERT, VNEID_KEY, VNEID_CA = (env.text(f"HOCVUSO_VNEID_{part}") for part in ("CERT", "KEY", "CA"))
VNEID_OUT, VNEID_IN = env.text("HOCVUSO_VNEID_OUT"), env.text("HOCVUSO_VNEID_IN")
VNEID_KEYS = env.words("HOCVUSO_VNEID_KEYS")
if VNEID_URL and not VNEID_URL.startswith("https://"):
    raise env.BadSetting(f"HOCVUSO_VNEID_URL={VNEID_URL}: write an address that begins with https://.")
for _name, _path in (("CERT", VNEID_CERT), ("KEY", VNEID_KEY)):
    if VNEID_URL and not Path(_path).is_file():
        raise env.BadSetting(f"HOCVUSO_VNEID_{_name}={_path}: name the PEM file of our certificate and of its key.")
if bool(VNEID_OUT) != bool(VNEID_IN):
    raise env.BadSetting("HOCVUSO_VNEID_OUT and HOCVUSO_VNEID_IN: name both folders, or neither.")

WAGTAIL_SITE_NAME = "Học Vụ Số"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "hocvuso.curriculum.approval.publish_approved"
WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT, WAGTAIL_TIME_FORMAT = "%d/%m/%Y", "%d/%m/%Y %H:%M", "%H:%M"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

EMAIL_BACKEND = env.text("HOCVUSO_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "outbox" / "email"
EMAIL_HOST = env.text("HOCVUSO_EMAIL_HOST", "localhost")
EMAIL_PORT = env.whole("HOCVUSO_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("HOCVUSO_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("HOCVUSO_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("HOCVUSO_EMAIL_TLS")
DEFAULT_FROM_EMAIL = env.text("HOCVUSO_EMAIL_FROM", "hocvuso@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("HOCVUSO_LOG", "INFO")},
    # Wagtail tells every revision; its own history page tells it better.
    "loggers": {"wagtail": {"level": "WARNING"}},
}
