"""An identity provider: signs assertions with a key of its own, right ones and wrong ones."""

import base64
import datetime
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import SignatureMethod

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
NAME = "https://identity.example.com/metadata"
SIGN_IN = "https://identity.example.com/sign-in?tenant=whale"
HERE = "https://studio.example.com/api/auth/saml/sso"


def moment(seconds: float = 0) -> str:
    """A moment so many seconds from now, as SAML writes it."""
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Told:
    """What an assertion says; each test changes what it is about."""

    request_id: str
    email: str = "ada@example.com"
    attributes: dict[str, list[str]] = field(default_factory=dict)
    issuer: str = NAME
    audience: str | None = HERE
    recipient: str = HERE
    begins: float = -30
    ends: float = 300
    id: str = "_assertion-1"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"


class IdentityProvider:
    """Has a key and a certificate."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "identity.example.com")])
        now = datetime.datetime.now(datetime.UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(self.key, hashes.SHA256())
        )

    @property
    def published(self) -> str:
        """The certificate as metadata has it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()

    def assertion(self, told: Told) -> Any:
        """An assertion that is not signed yet."""
        values = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in given)
            + "</saml:Attribute>"
            for name, given in told.attributes.items()
        )
        audience = (
            f"<saml:AudienceRestriction><saml:Audience>{told.audience}</saml:Audience></saml:AudienceRestriction>"
            if told.audience
            else ""
        )
        return etree.fromstring(
            f"""<saml:Assertion xmlns:saml="{SAML}" ID="{told.id}" Version="2.0" IssueInstant="{moment()}">
            <saml:Issuer>{told.issuer}</saml:Issuer>
            <saml:Subject><saml:NameID>{told.email}</saml:NameID>
            <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
            <saml:SubjectConfirmationData InResponseTo="{told.request_id}" Recipient="{told.recipient}"
                NotOnOrAfter="{moment(told.ends)}"/></saml:SubjectConfirmation></saml:Subject>
            <saml:Conditions NotBefore="{moment(told.begins)}" NotOnOrAfter="{moment(told.ends)}">{audience}
            </saml:Conditions>
            <saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"""
        )

    def response(self, assertion: Any, told: Told) -> Any:
        """An answer around an assertion, not signed yet."""
        made = etree.fromstring(
            f"""<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{SAML}" ID="_response-1" Version="2.0"
                IssueInstant="{moment()}" Destination="{HERE}" InResponseTo="{told.request_id}">
            <saml:Issuer>{told.issuer}</saml:Issuer>
            <samlp:Status><samlp:StatusCode Value="{told.status}"/></samlp:Status>
            </samlp:Response>"""
        )
        made.append(assertion)
        return made

    def sign(self, element: Any, method: SignatureMethod = SignatureMethod.RSA_SHA256) -> Any:
        """An element with its signature inside."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        signer = XMLSigner(signature_algorithm=method, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
        return signer.sign(element, key=self.key, cert=pem, reference_uri=element.get("ID"), id_attribute="ID")

    def answer(self, told: Told, whole: bool = False) -> Any:
        """A right answer: the assertion is signed, or the `whole` of it."""
        assertion = self.assertion(told)
        if whole:
            return self.sign(self.response(assertion, told))
        return self.response(self.sign(assertion), told)


def encoded(response: Any) -> str:
    """An answer as a browser brings it."""
    return base64.b64encode(etree.tostring(response)).decode()


def request_in(address: str) -> Any:
    """The request that a browser is sent with."""
    packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS))
