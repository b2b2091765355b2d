"""What an installation decides: names of resources, endpoints, limits, addresses. Read from the environment, once."""

import os
from dataclasses import dataclass, field
from functools import lru_cache


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def _list(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _text(name).split(",") if part.strip())


@dataclass(frozen=True)
class Settings:
    """The settings of one process; `current()` gives them."""

    stage: str = field(default_factory=lambda: _text("VULPES_STAGE", "local"))
    region: str = field(default_factory=lambda: _text("AWS_REGION", _text("AWS_DEFAULT_REGION", "eu-west-1")))
    table: str = field(default_factory=lambda: _text("VULPES_TABLE", "vulpes"))
    dynamodb_endpoint: str = field(default_factory=lambda: _text("VULPES_DYNAMODB_ENDPOINT"))
    bucket: str = field(default_factory=lambda: _text("VULPES_BUCKET", "vulpes-files"))
    # Where files are read by presigned addresses, without a slash at the end; empty: at the bucket itself.
    files_url: str = field(default_factory=lambda: _text("VULPES_FILES_URL"))
    s3_endpoint: str = field(default_factory=lambda: _text("VULPES_S3_ENDPOINT"))
    media_queue: str = field(default_factory=lambda: _text("VULPES_MEDIA_QUEUE", "vulpes-media"))
    stream: str = field(default_factory=lambda: _text("VULPES_STREAM", "vulpes-stream"))
    # What the names of the queues of the event stream begin with.
    live_queues: str = field(default_factory=lambda: _text("VULPES_LIVE_QUEUES", "vulpes-live-"))
    # Wakes the function that sends what waits to go to other servers (domain/outbox).
    outbox_queue: str = field(default_factory=lambda: _text("VULPES_OUTBOX_QUEUE", "vulpes-outbox"))
    sqs_endpoint: str = field(default_factory=lambda: _text("VULPES_SQS_ENDPOINT"))
    ssm_endpoint: str = field(default_factory=lambda: _text("VULPES_SSM_ENDPOINT"))
    ses_endpoint: str = field(default_factory=lambda: _text("VULPES_SES_ENDPOINT"))
    # Ports of other servers that webhooks and messages may go to.
    outgoing_ports: tuple[str, ...] = field(default_factory=lambda: _list("VULPES_OUTGOING_PORTS") or ("443",))
    slack_api: str = field(default_factory=lambda: _text("VULPES_SLACK_API", "https://slack.com/api"))
    discord_api: str = field(default_factory=lambda: _text("VULPES_DISCORD_API", "https://discord.com/api/v10"))
    mail_sender: str = field(default_factory=lambda: _text("VULPES_MAIL_SENDER", "no-reply@example.com"))
    # The configuration set of SES, and the topic that it tells what becomes of letters.
    mail_set: str = field(default_factory=lambda: _text("VULPES_MAIL_SET"))
    mail_topic: str = field(default_factory=lambda: _text("VULPES_MAIL_TOPIC", "vulpes-mail-feedback"))
    site_url: str = field(default_factory=lambda: _text("VULPES_SITE_URL", "http://127.0.0.1:8080"))
    # What the distribution adds to a request that passed it; empty: there is none.
    edge_key: str = field(default_factory=lambda: _text("VULPES_EDGE_KEY"))
    cors_origins: tuple[str, ...] = field(default_factory=lambda: _list("VULPES_CORS_ORIGINS"))
    # Locally the secrets stand in the environment of one process; on AWS the name of an SSM parameter does.
    token_secrets: tuple[str, ...] = field(default_factory=lambda: _list("VULPES_TOKEN_SECRETS"))
    token_secrets_parameter: str = field(default_factory=lambda: _text("VULPES_TOKEN_SECRETS_PARAMETER"))
    protected_accounts: tuple[str, ...] = field(default_factory=lambda: _list("VULPES_PROTECTED_ACCOUNTS"))
    default_locale: str = field(default_factory=lambda: _text("VULPES_DEFAULT_LOCALE", "en_US"))
    default_timezone: str = field(default_factory=lambda: _text("VULPES_DEFAULT_TIMEZONE", "Europe/Paris"))
    # Whether clients are told of the search, which is always there; where the contract was recorded, none was.
    search_advertised: bool = field(default_factory=lambda: _text("VULPES_SEARCH") == "advertised")
    # Where the web interface reports its failures to.
    sentry_dsn: str = field(default_factory=lambda: _text("VULPES_SENTRY_DSN"))
    sentry_sample_rate: float = field(default_factory=lambda: float(_text("VULPES_SENTRY_SAMPLE_RATE", "0.1")))
    password_length: int = 8
    # Twelve rounds cost a quarter of a second of CPU on a whole core; each round more doubles it.
    bcrypt_rounds: int = field(default_factory=lambda: int(_text("VULPES_BCRYPT_ROUNDS", "12")))
    person_limit: int = field(default_factory=lambda: int(_text("VULPES_PERSON_LIMIT", "100")))
    registration_open: bool = field(default_factory=lambda: _text("VULPES_REGISTRATION") == "open")
    # Single sign-on by SAML: on where all but the name are set. Certificates: base64, without head and foot.
    saml_idp_name: str = field(default_factory=lambda: _text("VULPES_SAML_IDP_NAME"))
    saml_idp_entity_id: str = field(default_factory=lambda: _text("VULPES_SAML_IDP_ENTITY_ID"))
    saml_sign_in_url: str = field(default_factory=lambda: _text("VULPES_SAML_SIGN_IN_URL"))
    saml_certificates: tuple[str, ...] = field(default_factory=lambda: _list("VULPES_SAML_CERTIFICATES"))
    # Lambda takes 6 MB a request, a third of it lost to base64; larger files go straight to S3.
    upload_limit: int = field(default_factory=lambda: int(_text("VULPES_UPLOAD_LIMIT", str(4_500_000))))
    # A file that takes longer to import is taken in as far as that: API Gateway gives up on a request after 29 s.
    import_seconds: float = field(default_factory=lambda: float(_text("VULPES_IMPORT_SECONDS", "20")))
    # An answer of more than this (after gzip) is put into S3 and answered by a redirect.
    answer_limit: int = field(default_factory=lambda: int(_text("VULPES_ANSWER_LIMIT", str(5_500_000))))
    # How long the audit tells of a change; with 0 days there is none.
    audit_days: int = field(default_factory=lambda: int(_text("VULPES_AUDIT_DAYS", "365")))
    # What Lambda gives a function, in MB; locally that of the API (.chalice/config.json).
    memory: int = field(default_factory=lambda: int(_text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")))
    # Empty: the layer's, else the one on the path; without any, movies end as broken.
    ffmpeg: str = field(default_factory=lambda: _text("VULPES_FFMPEG"))

    @property
    def loopback_allowed(self) -> bool:
        """Whether webhooks and messages may go to this very machine, by plain HTTP and any port: for tests."""
        return self.stage == "local" and _text("VULPES_OUTGOING_LOOPBACK") == "allowed"

    @property
    def saml_enabled(self) -> bool:
        """Whether people may sign in at an identity provider."""
        return bool(self.saml_idp_entity_id and self.saml_sign_in_url and self.saml_certificates)


@lru_cache(maxsize=1)
def current() -> Settings:
    """The settings of this process; tests call `current.cache_clear()` after they changed the environment."""
    return Settings()
