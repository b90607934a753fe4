"""Every setting. Production is the default, and refuses to start half configured.

DPMAP_DEVELOPMENT=1 (a developer's machine), DPMAP_PRACTICE=1 (demonstration and training: a movable
date, choose who you are) and DPMAP_TEST=1 (the tests) each turn production off.
"""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import dj_database_url
import django_stubs_ext
import environs
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from dpmap import embedded
from dpmap.logging import configure_logging
from dpmap.production import production_problems

# Lets `Lookup[bool]`, `ModelForm[Goal]` and the like be written where they are used.
django_stubs_ext.monkeypatch()

env = environs.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = embedded.VAR

# ---------------------------------------------------------------------------------------- mode
TESTING = env.bool("DPMAP_TEST", False)
DEVELOPMENT = env.bool("DPMAP_DEVELOPMENT", False)
PRACTICE_MODE = env.bool("DPMAP_PRACTICE", False)
PRODUCTION = env.bool("DPMAP_PRODUCTION", not (TESTING or DEVELOPMENT or PRACTICE_MODE))
DEBUG = env.bool("DEBUG", False)

if PRODUCTION and (problems := production_problems(env)):
    raise ImproperlyConfigured("dpmap does not start in production:\n" + "\n".join(problems))


def local_secret_key() -> str:
    """Made once for this checkout, so that a restart signs nobody out."""
    file = VAR / "secret-key"
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        # Whole or not there: a worker that starts at the same moment must not read half a key, or have another.
        with NamedTemporaryFile("w", dir=VAR) as made, suppress(FileExistsError):
            made.write(secrets.token_urlsafe(50))
            made.flush()
            os.link(made.name, file)
    return file.read_text()


SECRET_KEY = env.str("SECRET_KEY", None) or local_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

# --------------------------------------------------------------------------------- application
INSTALLED_APPS = [
    "dpmap",
    "appraisals",
    "orgchart",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_structlog",
]

MIDDLEWARE = [
    "dpmap.middleware.RequestLogMiddleware",
    "dpmap.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dpmap.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dpmap.middleware.PracticeClockMiddleware",
    "dpmap.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dpmap.urls"
WSGI_APPLICATION = "dpmap.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dpmap.context.page",
            ],
        },
    },
]
CRISPY_TEMPLATE_PACK = "uswds"
CRISPY_ALLOWED_TEMPLATE_PACKS = "uswds"
CRISPY_FAIL_SILENTLY = False

# ------------------------------------------------------------------------ database and servers
DATABASE_URL = env.str("DATABASE_URL", None)
REDIS_URL = env.str("REDIS_URL", None)

database: dict[str, Any]
if DATABASE_URL:
    database = {**dj_database_url.parse(DATABASE_URL)}
else:
    database = {
        "ENGINE": "dpmap.database",
        "NAME": embedded.DATABASE,
        "USER": embedded.SUPERUSER,
        "HOST": embedded.postgres_host(),
    }
# Tests need no disk flush; everybody else gives up rather than wait for ever. Reminders and rosters are put together in
# temporary tables: taken when one is filled, and what fits in there is not written to files.
limits = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c temp_buffers=64MB"
if TESTING:
    limits += " -c synchronous_commit=off"
database |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 0 if TESTING else 60),
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {"connect_timeout": 5, "options": limits, **database.get("OPTIONS", {})},
}
DATABASES = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{embedded.redis_socket()}"
# Work of minutes has workers of its own where there are many, and never keeps mail and sweeps waiting.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("long")]
CELERY_TASK_ROUTES = {
    "appraisals.jobs.policy.count_effects": {"queue": "long"},
    "appraisals.tasks.archives.make_archive": {"queue": "long"},
    "appraisals.tasks.feed.send_ratings": {"queue": "long"},
    "orgchart.tasks.run_roster": {"queue": "long"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Taken off the queue when it begins: the schedule finds again what a killed worker left, and an
# acknowledgment at the end, over a connection that broke meanwhile, would stop the worker (kombu 5.7).
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task is only a wake-up for a row that is already in the database, so a broker that is down
# must fail fast and quietly, and what a worker took but did not begin must come back in minutes.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # Kombu would wait six seconds for one that refuses, for each task the schedule has.
    "max_retries": 0,
}
# Workers and schedule wait for it however long it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULER = "dpmap.beat:SteadyScheduler"
CELERY_TIMEZONE = env.str("TIME_ZONE", "America/New_York")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ------------------------------------------------------------------------- people and sessions
AUTH_USER_MODEL = "orgchart.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "dpmap.backend.PersonBackend",
]
# Argon2 is not a FIPS algorithm.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "signed_out"

AXES_FAILURE_LIMIT = 3
AXES_COOLOFF_TIME = None
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "dpmap.errors.locked_out"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "dpmap.sign_in.locked_name"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# axes.W006: a lock by address would lock out a whole base behind one proxy.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", 900)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dpmap.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ------------------------------------------------------------------------------ what we send
SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", SECURE)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if proxy_header := env.str("HTTPS_PROXY_HEADER", None):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{proxy_header.upper().replace('-', '_')}", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        # USWDS shows a chosen file's picture from a data: address.
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# One plan copied to a whole unit is one form with a box for each person.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# The roster of the whole department is 150 MB in two files.
ROSTER_MAX_BYTES = env.int("DPMAP_ROSTER_MAX_MB", 180) * 1_000_000
# Where the nightly run writes ratings for the personnel system; without it there is no such run.
FEED_FOLDER: Path | None = env.path("DPMAP_FEED_FOLDER", None)
# A scanned form of twelve pages has about 4 MB.
SCAN_MAX_BYTES = env.int("DPMAP_SCAN_MAX_MB", 10) * 1_000_000
FILE_UPLOAD_HANDLERS = ["dpmap.uploads.BoundedUploadHandler"]

# -------------------------------------------------------------------------------- static files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = not (TESTING or DEVELOPMENT)
# Tests are served the files as they lie; WhiteNoise would miss a folder that nobody has filled.
STATIC_ROOT = None if TESTING else env.path("STATIC_ROOT", VAR / "static")
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR / ("media-of-tests" if TESTING else "media"))
# Archives of forms: as large as what is exported, and gone after some days.
ARCHIVES_ROOT = env.path("DPMAP_ARCHIVES_ROOT", MEDIA_ROOT / "archives")
ARCHIVE_DAYS = env.int("DPMAP_ARCHIVE_DAYS", 7)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not HASHED_STATIC
WHITENOISE_AUTOREFRESH = DEVELOPMENT
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ----------------------------------------------------------------------------- language, time
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = CELERY_TIMEZONE

# ------------------------------------------------------------------------------ printed forms
# The CUI designation block of page one; the component is added from the record itself.
CUI_DESIGNATION = {
    "office": env.str("CUI_OFFICE", "Civilian Performance Management Office"),
    "category": env.str("CUI_CATEGORY", "PRVCY"),
    "dissemination": env.str("CUI_DISSEMINATION", "FED ONLY"),
    "contact": env.str("CUI_CONTACT", "Performance program manager, 703-555-0142"),
}

# --------------------------------------------------------------------------------------- e-mail
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "dpmap@localhost")
# Where a link in an e-mail leads.
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000").rstrip("/")
# Keys shared with other installations that employees' records go to and come from: "navy=…,army=…".
TRANSFER_KEYS: dict[str, str] = env.dict("DPMAP_TRANSFER_KEYS", {}, subcast_values=str)
# When a digest goes out, by the local clock; Monday is 0.
DIGEST_HOUR = env.int("DIGEST_HOUR", 7, validate=environs.validate.Range(0, 23))
# Reminders are written from this local hour on.
REMINDER_HOUR = env.int("REMINDER_HOUR", 6, validate=environs.validate.Range(0, 23))
DIGEST_WEEKDAY = env.int("DIGEST_WEEKDAY", 0, validate=environs.validate.Range(0, 6))
# Seconds before each new try: about a day in all, then a letter is given up.
POST_PAUSES = env.list(
    "POST_PAUSES", [60, 300, 900, 3600, 7200, 14400, 21600, 21600, 21600], subcast=int
)
# A letter whose worker has not said for so long what came of it is taken by another.
POST_CLAIM_SECONDS = env.int("POST_CLAIM_SECONDS", 600)

# ---------------------------------------------------------------------------------------- logs
LOGGING_CONFIG = None
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = False
DJANGO_STRUCTLOG_CELERY_ENABLED = False
configure_logging(plain=sys.stderr.isatty(), level=env.str("LOG_LEVEL", "INFO"), quiet=TESTING)
