"""Webhooks: who else is told of events. No kind of the contract (docs/webhooks.md)."""

from chalicelib.records.fields import CASCADE, STAMPS, Field, Kind, boolean, datetime, json, string, uuid

WEBHOOK = Kind(
    "Webhook",
    "webhook",
    None,
    (
        *STAMPS,
        string("name", 80, nullable=False, default=""),
        # Such addresses often hold a token.
        string("url", 2000, nullable=False, withheld=True),
        # Of all productions, and of the studio itself, where none is named.
        uuid("project_id", "project", on_delete=CASCADE),
        json("events", nullable=False, default=["*"]),
        boolean("active", True, nullable=False),
        # Since when no message was taken; why it was switched off.
        datetime("failing_since", protected=True),
        string("disabled_reason", 200, protected=True),
        Field("secret", "string", protected=True, secret=True),
        Field("former_secret", "string", protected=True, secret=True),
        Field("former_secret_until", "string", protected=True, secret=True),
    ),
    unaudited=("failing_since",),
    reference=True,
)
