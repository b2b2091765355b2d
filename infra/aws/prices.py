"""What AWS asks, as of its price lists for us-east-1 in November 2026; Europe is five to twenty percent dearer.

The one place with prices: docs/cost.md is made of it (`python -m infra.aws.cost`).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Price:
    """What is paid for: `dollars` for `per` of it; `free` of it a month cost an account nothing, for ever."""

    what: str
    dollars: float
    per: float
    free: float = 0.0

    def of(self, amount: float, free: bool = True) -> float:
        """Dollars for an amount in a month."""
        return max(0.0, amount - (self.free if free else 0.0)) * self.dollars / self.per


_MILLION: Final = 1_000_000.0
PRICES: Final = {
    "api": Price("API Gateway, REST: requests", 3.50, _MILLION),
    "sqs": Price("SQS: requests, each 64 KB", 0.40, _MILLION, free=_MILLION),
    "site": Price("CloudFront: requests by HTTPS", 1.00, _MILLION, free=10 * _MILLION),
    "edge": Price("CloudFront: calls of the function", 0.10, _MILLION, free=2 * _MILLION),
    "out": Price("CloudFront: GB that leave", 0.085, 1, free=1000),
    "calls": Price("Lambda: calls", 0.20, _MILLION, free=_MILLION),
    "gb_seconds": Price("Lambda: GB-seconds on arm64", 13.3334, _MILLION, free=400_000),
    "writes": Price("DynamoDB: write units", 0.625, _MILLION),
    "reads": Price("DynamoDB: read units", 0.125, _MILLION),
    "table_gb": Price("DynamoDB: GB kept, with point-in-time recovery", 0.45, 1),
    "file_gb": Price("S3: GB kept", 0.023, 1),
    "file_puts": Price("S3: writes", 5.00, _MILLION),
    "file_gets": Price("S3: reads", 0.40, _MILLION),
    "alarms": Price("CloudWatch: alarms", 0.10, 1, free=10),
    "log_gb": Price("CloudWatch: GB of logs", 0.50, 1, free=5),
    "traces": Price("X-Ray: traces, where they are on", 5.00, _MILLION, free=100_000),
    "mails": Price("SES: mails", 0.10, 1000),
}
