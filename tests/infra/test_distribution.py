"""The distribution: its function under Node, its behaviours, and what of it the rest of the stack knows."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.local.live import api_path
from tests.infra.edge import LIVE_REQUESTS, SESSION, event, run

Template = dict[str, Any]
node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
PAGES = ["/", "/productions/3b1f/shots", "/login", "/people/"]
FILES = ["/index.html", "/assets/index-8f2c.js", "/favicon.ico", "/assets/a.b/font.woff2", "/robots.txt"]


@node
def test_paths_of_live_events_go_where_they_are_answered(tmp_path: Path) -> None:
    told = run(tmp_path, [event(method, address) for method, address, _, _ in LIVE_REQUESTS])

    found = [(one["answer"]["uri"], one["origin"] or "api") for one in told]
    assert found == [(path, origin) for _, _, path, origin in LIVE_REQUESTS]


@node
def test_the_rest_of_a_request_stays(tmp_path: Path) -> None:
    headers = {"authorization": "Bearer x", "content-type": "text/plain"}
    address = f"/socket.io/?EIO=4&transport=polling&sid={SESSION}"
    poll, say = run(tmp_path, [event("GET", address, headers), event("POST", address, headers)])

    sent = event("POST", address, headers)["request"]
    seen = {**sent["headers"], "x-vulpes-viewer": {"value": "198.51.100.11"}}
    assert say["answer"] == {**sent, "uri": "/api/live", "headers": seen}
    assert poll["answer"]["querystring"] == sent["querystring"]
    assert set(sent["headers"]) - set(poll["answer"]["headers"]) == {"content-type"}


@node
def test_the_api_is_told_who_asks_whatever_they_say_of_themselves(tmp_path: Path) -> None:
    headers = {"x-vulpes-viewer": "203.0.113.9"}
    (told,) = run(tmp_path, [event("POST", "/api/auth/login", headers)])
    assert told["answer"]["uri"] == "/api/auth/login"
    assert told["answer"]["headers"]["x-vulpes-viewer"] == {"value": "198.51.100.11"}


def test_the_application_knows_what_passed_the_distribution(config: Template, template: Template) -> None:
    (api,) = (origin for origin in config["Origins"] if origin["Id"] == "api")
    (header,) = api["OriginCustomHeaders"]
    function = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert header == {"HeaderName": "X-Vulpes-Edge", "HeaderValue": function["VULPES_EDGE_KEY"]}


@node
def test_every_page_of_the_interface_is_its_one_document(tmp_path: Path) -> None:
    pages = run(tmp_path, [event(method, path) for path in PAGES for method in ("GET", "HEAD")])
    files = run(tmp_path, [event("GET", path) for path in FILES])

    assert {one["answer"]["uri"] for one in pages} == {"/index.html"}
    assert [one["answer"]["uri"] for one in files] == FILES
    assert not [one for one in pages + files if one["origin"]]


def test_the_function_keeps_its_limit(template: Template) -> None:
    edge = template["Resources"]["Edge"]["Properties"]

    assert len(edge["FunctionCode"].encode()) < 10_240
    assert edge["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert edge["AutoPublish"] is True


@pytest.fixture
def config(template: Template) -> Template:
    found: Template = template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    return found


def test_the_api_and_live_events_are_handed_on_uncached(config: Template) -> None:
    api, live = config["CacheBehaviors"]

    assert (api["PathPattern"], live["PathPattern"]) == ("/api/*", "/socket.io*")
    for behaviour in (api, live):
        assert behaviour["TargetOriginId"] == "api"
        assert set(behaviour["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
        # CloudFront's own policies: CachingDisabled, and AllViewerExceptHostHeader.
        assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def test_origins_are_the_apis_of_the_stack_and_its_bucket(template: Template, config: Template) -> None:
    origins = {origin["Id"]: origin for origin in config["Origins"]}

    assert set(origins) == {"site", "api", "live"}
    for name, api in (("api", "RestAPI"), ("live", "LiveAPI")):
        assert origins[name]["DomainName"]["Fn::Sub"].startswith(f"${{{api}}}.execute-api.")
        # Without a path of the origin, the first part of the address is the stage.
        assert "OriginPath" not in origins[name]
        assert template["Resources"][api]["Properties"]["StageName"] == name
        assert origins[name]["CustomOriginConfig"]["OriginReadTimeout"] > 29
    assert origins["site"]["OriginAccessControlId"] == {"Fn::GetAtt": ["SiteAccess", "Id"]}


def test_files_are_read_at_an_origin_of_their_own(template: Template, functions: Template) -> None:
    """What somebody uploads must not run as a page of the site. The bucket sees the signature and no token."""
    files = template["Resources"]["FilesDistribution"]["Properties"]["DistributionConfig"]
    told = template["Resources"]["FilesRequests"]["Properties"]["OriginRequestPolicyConfig"]
    (origin,) = files["Origins"]

    bucket = template["Resources"]["Files"]["Properties"]["BucketName"]["Fn::Sub"]
    assert origin["DomainName"]["Fn::Sub"] == f"{bucket}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}"
    assert "OriginAccessControlId" not in origin
    assert told["QueryStringsConfig"]["QueryStringBehavior"] == "all"
    assert told["CookiesConfig"]["CookieBehavior"] == "none"
    assert "Authorization" not in told["HeadersConfig"]["Headers"]
    for function in functions.values():
        there = function["Environment"]["Variables"]["VULPES_FILES_URL"]
        assert there == {"Fn::Sub": "https://${FilesDistribution.DomainName}"}


def test_pages_are_served_with_the_headers_that_guard_them(template: Template) -> None:
    def headers(name: str) -> Any:
        return template["Resources"][name]["Properties"]["ResponseHeadersPolicyConfig"]

    for name in ("SiteHeaders", "ApiHeaders", "LiveHeaders"):
        security = headers(name)["SecurityHeadersConfig"]
        assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
        assert security["ContentTypeOptions"] == {"Override": True}
    policy = headers("SiteHeaders")["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"][
        "Fn::Sub"
    ]
    assert "script-src 'self';" in policy
    assert "object-src 'none'" in policy
    cors = headers("LiveHeaders")["CorsConfig"]["Fn::If"][1]
    assert cors["AccessControlAllowCredentials"] is True
    assert cors["AccessControlAllowOrigins"] == {"Items": {"Ref": "CorsOrigins"}}


def test_without_an_address_of_its_own_the_site_has_that_of_the_distribution(
    template: Template, functions: Template
) -> None:
    told = functions["APIHandler"]["Environment"]["Variables"]["VULPES_SITE_URL"]

    assert told["Fn::If"][:2] == ["HasSiteUrl", {"Ref": "SiteUrl"}]
    assert told["Fn::If"][2]["Fn::If"] == [
        "HasSiteDomain",
        {"Fn::Sub": "https://${SiteDomain}"},
        {"Fn::Sub": "https://${Distribution.DomainName}"},
    ]
    assert template["Parameters"]["SiteUrl"]["Default"] == ""


def test_only_the_distribution_reads_the_pages(template: Template) -> None:
    (read,) = template["Resources"]["SitePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    blocked = template["Resources"]["Site"]["Properties"]["PublicAccessBlockConfiguration"]

    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "distribution/${Distribution}" in read["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert all(blocked.values())
    assert "Public" not in json.dumps(read)


def test_the_local_stack_leads_to_the_same_places() -> None:
    """There, the API has no stage before its paths."""
    for method, address, path, _ in LIVE_REQUESTS:
        asked, _, query = address.partition("?")
        assert api_path(method, asked, query) == path.removeprefix("/api"), (method, address)
