"""What holds for each API at API Gateway: its own errors, and how much it takes."""

import json
from typing import Final

from chalicelib.errors import error_body
from infra.aws.references import Fragment

# Requests a second, and at once: what a studio of 500 does is far below, what somebody does out of malice is bounded.
RATE: Final = 1000
BURST: Final = 2000
# What API Gateway answers itself (a request that is too large, a timeout) has the shape of the app's errors.
# `messageString` brings its quotation marks.
_ERROR: Final = json.dumps(error_body("$text")).replace('"$text"', "$context.error.messageString")
# Such an error tells nothing but itself, so whatever page asked may read it, and shows it instead of "no network".
_HEADERS: Final = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin",
    "gatewayresponse.header.Access-Control-Allow-Credentials": "'true'",
    "gatewayresponse.header.Cache-Control": "'no-store'",
    "gatewayresponse.header.Vary": "'Origin'",
}


def errors() -> Fragment:
    """The answers that API Gateway gives itself, by kind (`x-amazon-apigateway-gateway-responses`)."""
    told = {"responseParameters": _HEADERS, "responseTemplates": {"application/json": _ERROR}}
    return dict.fromkeys(("DEFAULT_4XX", "DEFAULT_5XX"), told)


def throttling() -> list[Fragment]:
    """The settings of a stage's methods."""
    return [
        {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingRateLimit": RATE, "ThrottlingBurstLimit": BURST},
    ]
