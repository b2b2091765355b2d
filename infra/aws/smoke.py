"""Whether an installation works, seen from outside: `python -m infra.aws.smoke https://…`. It changes nothing.

A deployment also signs in, as somebody who is there for that alone (visitor.py), writes something of their own, reads
it, hears of an event, and sends a picture. Live events are asked for as clients do: a session is opened, said hello to,
and answered through its queue. So distribution, function at the edge, both APIs, the functions, table, bucket, queues
and mapping template have to be there.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from infra.aws.site_client import LIVE, CheckError, Listener, ask, ask_json, sign_in
from infra.aws.smoke_picture import picture

# The name of a new distribution is known everywhere after a minute or two; until then nobody answers.
PATIENCE_SECONDS: Final = 180.0
_API_LOG: Final = "`aws logs tail /aws/lambda/{stack}-api --since 10m`"


class Visitor(NamedTuple):
    """Somebody who signs in, and a preview of theirs that waits for its file."""

    email: str
    password: str
    preview_id: str


class Check(NamedTuple):
    """What is looked at, and where to look where it is not well; raises CheckError. `once`: it waits by itself."""

    run: Callable[[str], None]
    look: str
    once: bool = False


def report(
    site: str, patience: float = PATIENCE_SECONDS, visitor: Visitor | None = None, stack: str = "vulpes-<stage>"
) -> int:
    """Checks an installation and prints what works; 1 where something does not.

    visitor: who signs in; without one nobody does. stack: its name, for what there is to look at.
    """
    failed = 0
    for what, check in {**CHECKS, **(_of(visitor, stack) if visitor else {})}.items():
        try:
            _patiently(check.run, site, 0.0 if check.once else patience)
        except CheckError as problem:
            failed = 1
            look = f". Look at {check.look.format(stack=stack)}" if check.look else ""
            print(f"not well: {what}: {problem}{look}", file=sys.stderr)
        else:
            print(f"well: {what}")
    return failed


def api(site: str) -> None:
    """The API says which one it is."""
    told = ask_json(site, "/api/")
    if "api" not in told or "version" not in told:
        raise CheckError(f"/api/ says {told}")


def parts(site: str) -> None:
    """Each part is up, as the API sees it."""
    down = [name for name, up in ask_json(site, "/api/status").items() if name.endswith("-up") and up is not True]
    if down:
        raise CheckError(f"/api/status says no to {', '.join(sorted(down))}")


def pages(site: str) -> None:
    """There is a page."""
    page = ask(site, "/")
    if b"<html" not in page.lower():
        raise CheckError("/ is no page")


def live(site: str) -> None:
    """A client is heard, and hears."""
    opened = ask(site, LIVE).decode()
    if not opened.startswith("0{"):
        raise CheckError(f"a session is not opened: {opened[:200]}")
    session = f"{LIVE}&sid={json.loads(opened[1:])['sid']}"
    said = ask(site, session, b"40")
    heard = ask(site, session).decode()
    if said != b"ok" or not heard.startswith("40"):
        raise CheckError(f"hello is answered by {said[:100]!r} and {heard[:200]}")
    ask(site, session, b"1")


def signed_in(site: str, visitor: Visitor) -> None:
    """Somebody signs in, writes and reads, and hears of what happens."""
    token = sign_in(site, visitor.email, visitor.password)
    asked = {"list_type": "asset", "name": "deployment check", "query": "check"}
    made = ask_json(site, "/api/data/user/filters", asked, token)
    if made["id"] not in json.dumps(ask_json(site, "/api/data/user/filters", token=token)):
        raise CheckError("what was written is not read")
    listener = Listener(site, token)
    ask_json(site, "/api/status/test-event")
    listener.hear('42/events,["main:test"')
    listener.end()
    ask(site, f"/api/data/user/filters/{made['id']}", token=token, method="DELETE")


CHECKS: Final[Mapping[str, Check]] = {
    "the API answers": Check(
        api, f"{_API_LOG}, and at what the gateway says: `aws logs tail /aws/apigateway/{{stack}}-api --since 10m`"
    ),
    "its parts are up": Check(parts, f"{_API_LOG} (docs/runbook.md)"),
    "the site has a page": Check(pages, "what is in the bucket of the site, SiteBucket in the outputs of the stack"),
    "live events come through": Check(live, f"{_API_LOG}, and at the polls after a deployment with AccessLogs=all"),
}


def _of(visitor: Visitor, stack: str) -> dict[str, Check]:
    return {
        "what is written is read, and an event is heard": Check(
            lambda site: signed_in(site, visitor),
            f"{_API_LOG}, and at `aws logs tail /aws/lambda/{{stack}}-carry-events --since 10m`",
        ),
        # Its steps say themselves what to look at.
        "an uploaded picture gets its thumbnail": Check(
            lambda site: picture(site, *visitor, stack=stack), look="", once=True
        ),
    }


def _patiently(check: Callable[[str], None], site: str, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            check(site.rstrip("/"))
        except CheckError:
            if time.monotonic() >= until:
                raise
            time.sleep(min(5.0, patience))
        else:
            return


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f"{text} is no address; it begins with https://")
    return text.rstrip("/").removesuffix("/api")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit status is 1 where something does not work."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.smoke", description="Whether an installation works.")
    parser.add_argument("site", type=_address, help="its address: https://kitsu.example.com, without /api")
    return report(parser.parse_args(arguments).site, patience=0.0)


if __name__ == "__main__":
    sys.exit(main())
