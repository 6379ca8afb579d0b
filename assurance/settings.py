"""Settings: one file, environment only. Nothing exists only in production."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from assurance import env
from assurance.static_files import with_policy

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

ENVIRONMENT = env.choice("ENVIRONMENT", ("production", "local"), default="production")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=() if PRODUCTION else ("localhost", "127.0.0.1", "[::1]"))
PUBLIC_URL = env.url("PUBLIC_URL", ("https",) if PRODUCTION else ("http", "https"), None if PRODUCTION else "http://localhost:8000")
TRUST_PROXY = env.flag("TRUST_PROXY", default=False)
LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")

if PRODUCTION:
    if DEBUG:
        raise env.BadSetting("DEBUG", "must be false in production")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12 or SECRET_KEY.startswith(("local-", "django-insecure-")):
        raise env.BadSetting("SECRET_KEY", "must be a random text of at least 50 characters in production")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise env.BadSetting("ALLOWED_HOSTS", "must name the hosts in production")

# --- applications -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "assurance.apps.AssuranceConfig",
    "warehouse.apps.WarehouseConfig",
    "qc.apps.QcConfig",
    "logistics.apps.LogisticsConfig",
    "aftersales.apps.AftersalesConfig",
    "demo.apps.DemoConfig",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "tablericons",
    "csp",
]
ROOT_URLCONF = "assurance.urls"
WSGI_APPLICATION = "assurance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "assurance.web.middleware.RequestIdMiddleware",
    "assurance.web.middleware.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "assurance.web.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "assurance.web.middleware.StrictQueryMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "assurance.accounts.middleware.PersonMiddleware",
    "assurance.accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assurance.accounts.middleware.AccessMiddleware",
    "assurance.web.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "assurance.navigation.navigation_context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "assurance.templatetags.ui"],
            "loaders": [
                (
                    "assurance.folding.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

# --- database: the application role runs everything but migrations ----------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {
        "ENGINE": "assurance.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"options": "-c statement_timeout=15000 -c lock_timeout=5000 -c timezone=UTC"},
    }
}
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", "")
DATABASE_APP_ROLE = str(DATABASES["default"]["USER"])

# --- background work --------------------------------------------------------------------------------------------
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss"))
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TASK_TIME_LIMIT = 900
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1200, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 1_000_000  # a job begins on the connection of the one before, as requests do (assurance/events/worker.py)
JOB_TIME_LIMITS = {"work": 30, "notices": 30, "runs": 900}
"""Queues by kind of work, with the seconds after which a worker is killed that still holds the job."""
JOB_PUBLISH_LEASE_SECONDS = 30
JOB_LEASE_SLACK_SECONDS = 5
JOB_MAX_IN_FLIGHT = 500
JOB_MAX_ATTEMPTS = 5
RELAY_POLL_SECONDS = 0.2
TICK_SECONDS = 5
CELERY_BEAT_SCHEDULE = {"tick": {"task": "assurance.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}}}

# --- who signs in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "assurance.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique without regard to case (user_email_once), which is stricter
AUTHENTICATION_BACKENDS = ["assurance.accounts.adapter.SignInBackend"]
PASSWORD_HASHERS = [
    "assurance.accounts.hashers.LeanArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "phone", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "assurance.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "assurance.web.views.csrf_failure"
SESSION_IDLE_SECONDS = 3 * 3600

ACCOUNT_ADAPTER = "assurance.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the others are signed out, this browser gets a new session
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key,50/15m/ip",  # second factors; passwords are counted in accounts/attempts.py
    "login": "60/m/ip",
    "reset_password": "20/m/ip,5/15m/key",
    "signup": "20/h/ip",
    "case_ask": "20/h/ip,5/h/key",  # the key is the order's number: nobody tries all its last digits
}
PASSWORD_RESET_TIMEOUT = 30 * 60
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
if PRODUCTION and not SECOND_FACTOR_REQUIRED:
    raise env.BadSetting("SECOND_FACTOR_REQUIRED", "must be true in production")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Wuyou"
MFA_ADAPTER = "assurance.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proven by the invitation, before anybody can sign in
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        # when it is full, rows are thrown out unseen: used codes and counters must never be among them
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# --- API --------------------------------------------------------------------------------------------------------
from assurance.web.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: E402, F401  Django reads them here

API_REQUESTS_PER_SECOND = env.number("API_REQUESTS_PER_SECOND", default=100, least=0, most=100_000)
"""Of one person and one web process, with bursts of ten seconds' worth; 0 counts nothing."""

VERIFY_MISSES_PER_SECOND = env.number("VERIFY_MISSES_PER_SECOND", default=5, least=0, most=100_000)
"""Unknown badge codes of one address and one web process, with bursts of ten seconds' worth; 0 counts nothing."""

# --- languages, times -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_admin"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", default=VAR_DIR / "static")
MEDIA_ROOT = env.folder("MEDIA_ROOT", default=VAR_DIR / "media")
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "assurance.static_files.NpmFinder",
]
WHITENOISE_ADD_HEADERS_FUNCTION = with_policy
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "assurance.static_files.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

REPLAY_DIR = env.folder("REPLAY_DIR", default=VAR_DIR / "replay")
"""Where an administrator puts a marketplace's five files to have them replayed from the page."""

# --- evidence ---------------------------------------------------------------------------------------------------
SIGNING_KEY_FILE = env.folder("SIGNING_KEY_FILE", default=VAR_DIR / "keys" / "checkpoint.key")
WITNESS_DIR = env.folder("WITNESS_DIR", default=VAR_DIR / "witness")
"""Where the witness keeps the checkpoints it took: never on the database's disk in production."""
CHECKPOINT_ORIGIN = env.text("CHECKPOINT_ORIGIN", "wuyou.local/log" if not PRODUCTION else None)

# --- mail -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "无忧服务 <no-reply@wuyou.example>")
vars().update(env.mail("EMAIL_URL", None if PRODUCTION else f"file://{VAR_DIR / 'mail'}"))

# --- security ---------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
ADMIN_PATH = "back-office/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "assurance.web.log.Line", "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
}
