"""Django settings. Every value a county may set is read from the environment here, and only here."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from shanzhi.run.home import Home

HOME = Home.from_environment()
BASE_DIR = Path(__file__).resolve().parent
DEBUG = os.environ.get("SHANZHI_DEBUG") == "1"
SECRET_KEY = HOME.secret("django")
ALLOWED_HOSTS = os.environ.get("SHANZHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SHANZHI_ORIGINS", "").split(",") if o]

GROUND = ["journal", "packs", "rules", "places", "learning", "orgs", "residents", "files", "notices"]
CAPABILITIES = [
    "intake",
    "insight",
    "surveys",
    "subscriptions",
    "hotline",
    "topics",
    "services",
    "dispatch",
    "patrol",
    "grids",
]
MODULES = [m for m in os.environ.get("SHANZHI_MODULES", ",".join(CAPABILITIES)).split(",") if m]
DOORS = ["portal", "desk", "field", "screen", "admin"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(f"shanzhi.{room}" for room in [*GROUND, "cases", *MODULES, *DOORS]),
    "allauth",  # after our rooms, so that their templates come first
    "allauth.account",
    "allauth.mfa",
    "ninja",  # its pages of the API, from here and not from elsewhere
]
MIDDLEWARE = [
    "shanzhi.api.machines.MachineMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shanzhi.web.small.SmallMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shanzhi.orgs.middleware.HolderMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shanzhi.orgs.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shanzhi.web.problems.ProblemMiddleware",
]
ROOT_URLCONF = "shanzhi.urls"
WSGI_APPLICATION = "shanzhi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shanzhi.web.context.page",
            ],
            "builtins": ["shanzhi.look", "shanzhi.web.drawing"],
        },
    }
]
FORM_RENDERER = "shanzhi.web.drawing.Drawing"
DATABASES = {"default": HOME.database()}
PACKS = Path(os.environ.get("SHANZHI_PACKS", "packs")).resolve()  # folders of packs that the pages offer
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "orgs.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # straight from the folders; nothing to collect
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/assets/"

# Sign-in
HTTPS = os.environ.get("SHANZHI_HTTPS") == "1"
LIVE = os.environ.get("SHANZHI_LIVE", "")  # where pages hear of changes
URL = os.environ.get("SHANZHI_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
# How notices leave: e-mail by SMTP (smtp://user:password@host:587?tls=1&from=…), or into files of the data folder.
OUTBOX = HOME.path / "outbox"
SMS = os.environ.get("SHANZHI_SMS", "shanzhi.notices.channels.into_file")
MAIL = urlsplit(os.environ.get("SHANZHI_SMTP", ""))
_mail = dict(parse_qsl(MAIL.query))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.hostname else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(OUTBOX / "mail")
EMAIL_HOST, EMAIL_PORT = MAIL.hostname or "", MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_TLS = _mail.get("tls") == "1"
EMAIL_USE_SSL = MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _mail.get("from", "shanzhi@localhost")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2]
STAFF_TOTP = os.environ.get("SHANZHI_STAFF_TOTP") == "1"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shanzhi.orgs.sign_in.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("SHANZHI_PROXIES", "0"))
MFA_ADAPTER = "shanzhi.orgs.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Shanzhi"
MFA_TOTP_TOLERANCE = 1
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}}
]
# Counts of failed sign-ins must be the same for all processes, so the cache lies in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "orgs_cache",
        "TIMEOUT": 300,
        "OPTIONS": {
            "MAX_ENTRIES": 100_000
        },  # with the usual 300 a guesser of names would push out his own count
    }
}
SESSION_ENGINE = "shanzhi.orgs.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "shanzhi.web.problems.refused_as_foreign"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = int(os.environ.get("SHANZHI_HSTS", "0"))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Whatever goes wrong is said on standard error, where the one who runs it looks; refusals (4xx) are not wrong.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
