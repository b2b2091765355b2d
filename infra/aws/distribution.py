"""One address for all: the CloudFront distribution before the API, live events, files and the web interface.

Why, and what it costs: docs/adr/0015-one-origin.md. Its function is `edge.js`.
"""

from pathlib import Path
from typing import Any, Final

from infra.aws import resources
from infra.aws.references import Fragment, attribute, choose, ref, text

# Policies that CloudFront keeps for everybody (its documentation calls them managed).
_NO_CACHE: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_CACHE: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_ALL_BUT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_YEAR: Final = 31_536_000
# API Gateway answers within 29 s, or says that it does not.
_ANSWER_SECONDS: Final = 35
# CloudFront is one for all regions, and so are the names of what is its own.
_NAME: Final = "${AWS::StackName}-${AWS::Region}"
# Files come and go by signed addresses: to the bucket, and from a distribution of their own, as no pages of the site.
_BUCKET_HOST: Final = f"{resources.FILES_NAME}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}"
_FILES: Final = "https://${FilesDistribution.DomainName}"
# What a page may load, and whom it may ask: its own address and the bucket. Interfaces set styles in their markup.
CONTENT_SECURITY: Final = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob: {_FILES}",
        f"media-src 'self' data: blob: {_FILES}",
        f"connect-src 'self' blob: {_FILES} https://{_BUCKET_HOST}",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)


def site_url() -> Fragment:
    """The address of the web interface: as it was told, else that of its own domain, else the distribution's."""
    own = choose("HasSiteDomain", text("https://${SiteDomain}"), text("https://${Distribution.DomainName}"))
    return choose("HasSiteUrl", ref("SiteUrl"), own)


def files_url() -> Fragment:
    """The address that files are read at."""
    return text(_FILES)


def site(api_stage: str) -> Fragment:
    """The resources by name; `api_stage` is the name of the API's stage, with which its paths begin."""
    return {
        "Site": _site(),
        "SiteAccess": _site_access(),
        "SitePolicy": _site_policy(),
        "Edge": _edge(),
        "SiteHeaders": _headers("site", CONTENT_SECURITY),
        "ApiHeaders": _headers("api"),
        "LiveHeaders": _headers("live", cross_origin=True),
        "Distribution": _distribution(api_stage),
        "FilesRequests": _files_requests(),
        "FilesDistribution": _files_distribution(),
    }


def outputs() -> Fragment:
    """The outputs by name."""
    return {
        "SiteURL": {"Value": site_url()},
        "SiteBucket": {"Value": ref("Site")},
        "DistributionId": {"Value": ref("Distribution")},
        "DistributionDomain": {"Value": attribute("Distribution", "DomainName")},
    }


def _distribution(api_stage: str) -> Fragment:
    return {
        "Type": "AWS::CloudFront::Distribution",
        # The linter tries the empty default where it is never used: a rule of the template asks for the certificate.
        "Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W1030"]}}},
        "Properties": {
            "DistributionConfig": {
                "Comment": ref("AWS::StackName"),
                "Enabled": True,
                "HttpVersion": "http2and3",
                "IPV6Enabled": True,
                "PriceClass": ref("SitePriceClass"),
                "DefaultRootObject": "index.html",
                "Aliases": choose("HasSiteDomain", [ref("SiteDomain")]),
                "ViewerCertificate": choose(
                    "HasSiteDomain",
                    {
                        "AcmCertificateArn": ref("SiteCertificateArn"),
                        "SslSupportMethod": "sni-only",
                        "MinimumProtocolVersion": "TLSv1.2_2021",
                    },
                ),
                "WebACLId": choose("HasWebAcl", ref("WebAclArn")),
                "Origins": [
                    {
                        "Id": "site",
                        "DomainName": attribute("Site", "RegionalDomainName"),
                        "OriginAccessControlId": attribute("SiteAccess", "Id"),
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    },
                    {**_gateway("api", "RestAPI"), "OriginCustomHeaders": [_passed_through()]},
                    # The name by which the function chooses it.
                    _gateway("live", "LiveAPI"),
                ],
                "DefaultCacheBehavior": {
                    "TargetOriginId": "site",
                    "ViewerProtocolPolicy": "redirect-to-https",
                    "AllowedMethods": ["GET", "HEAD"],
                    "Compress": True,
                    "CachePolicyId": _CACHE,
                    "ResponseHeadersPolicyId": ref("SiteHeaders"),
                    "FunctionAssociations": [_at_the_edge()],
                },
                "CacheBehaviors": [
                    _handed_on(f"/{api_stage}/*", "ApiHeaders"),
                    _handed_on("/socket.io*", "LiveHeaders"),
                ],
            }
        },
    }


def _files_distribution() -> Fragment:
    return {
        "Type": "AWS::CloudFront::Distribution",
        "Properties": {
            "DistributionConfig": {
                "Comment": text("${AWS::StackName} files"),
                "Enabled": True,
                "HttpVersion": "http2and3",
                "IPV6Enabled": True,
                "PriceClass": ref("SitePriceClass"),
                # By its composed name: the bucket knows the address of the site, whose pages name this distribution.
                "Origins": [
                    {
                        "Id": "files",
                        "DomainName": text(_BUCKET_HOST),
                        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
                    }
                ],
                "DefaultCacheBehavior": {
                    "TargetOriginId": "files",
                    "ViewerProtocolPolicy": "https-only",
                    "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
                    "Compress": False,
                    # The bucket looks at the signature each time.
                    "CachePolicyId": _NO_CACHE,
                    "OriginRequestPolicyId": ref("FilesRequests"),
                    "ResponseHeadersPolicyId": ref("ApiHeaders"),
                },
            }
        },
    }


def _files_requests() -> Fragment:
    """What the bucket is told: the signature, and what CORS needs. It refuses who has a token besides a signature."""
    asked = ["Origin", "Access-Control-Request-Headers", "Access-Control-Request-Method"]
    return {
        "Type": "AWS::CloudFront::OriginRequestPolicy",
        "Properties": {
            "OriginRequestPolicyConfig": {
                "Name": text(f"{_NAME}-files"),
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": asked},
                "CookiesConfig": {"CookieBehavior": "none"},
            }
        },
    }


def _gateway(name: str, api: str) -> Fragment:
    return {
        "Id": name,
        "DomainName": text(f"${{{api}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"),
        "CustomOriginConfig": {
            "OriginProtocolPolicy": "https-only",
            "OriginSSLProtocols": ["TLSv1.2"],
            "OriginReadTimeout": _ANSWER_SECONDS,
            "OriginKeepaliveTimeout": 60,
        },
    }


def _handed_on(path: str, headers: str) -> Fragment:
    return {
        "PathPattern": path,
        "TargetOriginId": "api",
        # Whoever sends a token in clear text is told so, not led on.
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
        "Compress": False,
        "CachePolicyId": _NO_CACHE,
        "OriginRequestPolicyId": _ALL_BUT_HOST,
        "ResponseHeadersPolicyId": ref(headers),
        "FunctionAssociations": [_at_the_edge()],
    }


def edge_key() -> Fragment:
    """By what the application knows that a request passed the distribution, and with it the address of who asks.

    The last part of the stack's id: drawn at random when the stack is made, and told to nobody outside.
    """
    return {"Fn::Select": [2, {"Fn::Split": ["/", ref("AWS::StackId")]}]}


def _passed_through() -> Fragment:
    return {"HeaderName": "X-Vulpes-Edge", "HeaderValue": edge_key()}


def _at_the_edge() -> Fragment:
    return {"EventType": "viewer-request", "FunctionARN": attribute("Edge", "FunctionARN")}


def _edge() -> Fragment:
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": text(f"{_NAME}-edge"),
            "AutoPublish": True,
            "FunctionCode": Path(__file__).with_name("edge.js").read_text(),
            "FunctionConfig": {
                "Comment": "Paths of live events and of the pages of the web interface",
                "Runtime": "cloudfront-js-2.0",
            },
        },
    }


def _headers(name: str, content_security: str = "", cross_origin: bool = False) -> Fragment:
    security: Fragment = {
        # What the application says of itself stays.
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": _YEAR, "Override": False},
        "ContentTypeOptions": {"Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "strict-origin-when-cross-origin", "Override": False},
    }
    if content_security:
        security["ContentSecurityPolicy"] = {"ContentSecurityPolicy": text(content_security), "Override": True}
        security["FrameOptions"] = {"FrameOption": "SAMEORIGIN", "Override": True}
    config: Fragment = {"Name": text(f"{_NAME}-{name}"), "SecurityHeadersConfig": security}
    if cross_origin:
        config["CorsConfig"] = choose("HasMoreOrigins", _cors())
    return {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}


def _cors() -> Fragment:
    """Where other origins may call: polls are answered by API Gateway, which knows none of them by itself."""
    listed: dict[str, Any] = {
        "AccessControlAllowOrigins": ref("CorsOrigins"),
        "AccessControlAllowMethods": ["GET", "POST", "OPTIONS"],
        "AccessControlAllowHeaders": ["Authorization", "Content-Type"],
    }
    return {
        **{name: {"Items": items} for name, items in listed.items()},
        "AccessControlAllowCredentials": True,
        "OriginOverride": False,
    }


def _site() -> Fragment:
    return {
        "Type": "AWS::S3::Bucket",
        # What is in it is put there by every deployment (infra/aws/site.py).
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            "PublicAccessBlockConfiguration": dict.fromkeys(
                ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
            ),
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        },
    }


def _site_access() -> Fragment:
    return {
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {
            "OriginAccessControlConfig": {
                "Name": text(f"{_NAME}-site"),
                "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always",
                "SigningProtocol": "sigv4",
            }
        },
    }


def _site_policy() -> Fragment:
    distribution = text("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}")
    read = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        # Whoever may not list is told 403 of what is missing, instead of 404.
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [attribute("Site", "Arn"), text("${Site.Arn}/*")],
        "Condition": {"StringEquals": {"aws:SourceArn": distribution}},
    }
    document = {"Version": "2012-10-17", "Statement": [read]}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref("Site"), "PolicyDocument": document}}
