"""SAML 2.0 on the wire: what is asked of an identity provider, and what a signed assertion of its says.

Whatever an answer contains besides the element that the signature covers is not looked at: that is how forged
assertions are smuggled in beside signed ones. Signatures are verified by signxml, which is in a layer of its own and
imported where single sign-on is set up (docs/operations.md).
"""

import base64
import binascii
import pkgutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.settings import current

_SAML: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_PROTOCOL: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
# Clocks of the two sides may differ so much.
_SKEW_SECONDS: Final = 60
# An answer of more is none.
_MOST_CHARACTERS: Final = 400_000


@dataclass(frozen=True)
class Assertion:
    """What the identity provider vouches for: who it is, to which request, with which attributes."""

    id: str
    request_id: str
    name: str
    attributes: Mapping[str, Sequence[str]]


def request_address(request_id: str, entity_id: str, answer_address: str) -> str:
    """Where a browser goes to sign in at the identity provider (HTTP-Redirect binding)."""
    target = current().saml_sign_in_url
    text = (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" '
        'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f"ID={quoteattr(request_id)} IssueInstant={quoteattr(clock.shown(clock.now()) + 'Z')} "
        f"Destination={quoteattr(target)} AssertionConsumerServiceURL={quoteattr(answer_address)}>"
        f"<saml:Issuer>{escape(entity_id)}</saml:Issuer>"
        '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" AllowCreate="true"/>'
        "</samlp:AuthnRequest>"
    )
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(text.encode()) + packer.flush()
    joint = "&" if "?" in target else "?"
    return f"{target}{joint}{urlencode({'SAMLRequest': base64.b64encode(packed).decode()})}"


def read_answer(encoded: str, entity_id: str, answer_address: str) -> Assertion:
    """The assertion in an answer of the identity provider.

    Raises Invalid for what is not signed by it, not meant for us, or not good at this moment.
    """
    assertion = _signed_assertion(_parsed(encoded))
    if _text(assertion, f"{_SAML}Issuer") != current().saml_idp_entity_id:
        raise _refused("is of another identity provider")
    _check_conditions(assertion, entity_id)
    return Assertion(
        _attribute(assertion, "ID"),
        _confirmed_request(assertion, answer_address),
        _text(assertion, f"{_SAML}Subject/{_SAML}NameID"),
        {
            _attribute(one, "Name"): [(value.text or "").strip() for value in one.findall(f"{_SAML}AttributeValue")]
            for one in assertion.findall(f"{_SAML}AttributeStatement/{_SAML}Attribute")
        },
    )


def _parsed(encoded: str) -> Any:
    from lxml import etree

    if len(encoded) > _MOST_CHARACTERS:
        raise _refused("is too long")
    # Neither entities nor anything from elsewhere; comments would split the text of a name.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(base64.b64decode("".join(encoded.split()), validate=True), parser)
    except (binascii.Error, ValueError, etree.XMLSyntaxError):
        raise _refused("is no XML in base64") from None
    if root.getroottree().docinfo.doctype:
        raise _refused("declares a document type")
    if root.tag != f"{_PROTOCOL}Response":
        raise _refused("is no answer to a request")
    return root


def _signed_assertion(response: Any) -> Any:
    """The one assertion, out of what the signature covers: the whole answer, or the assertion alone."""
    status = response.find(f"{_PROTOCOL}Status/{_PROTOCOL}StatusCode")
    if status is None or status.get("Value") != _SUCCESS:
        raise _refused("says that the sign-in did not succeed")
    if len(list(response.iter(f"{_SAML}Assertion"))) != 1:
        raise _refused("holds not one assertion in clear")
    assertion = response.find(f"{_SAML}Assertion")
    if response.find(_SIGNATURE) is not None:
        assertion = _verified(response).find(f"{_SAML}Assertion")
    elif assertion is not None:
        assertion = _verified(assertion)
    if assertion is None:
        raise _refused("holds its assertion in another place")
    return assertion


def _verified(element: Any) -> Any:
    """An element as its signature covers it; only a signature right below it, of itself, counts."""
    _find_all_of_cryptography()
    from cryptography.exceptions import InvalidSignature
    from lxml import etree
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    wanted = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(
            getattr(SignatureMethod, f"{key}_SHA{bits}") for key in ("RSA", "ECDSA") for bits in (256, 384, 512)
        ),
        digest_algorithms=frozenset(getattr(DigestAlgorithm, f"SHA{bits}") for bits in (256, 384, 512)),
    )
    for certificate in current().saml_certificates:
        pem = f"-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n"
        try:
            result: Any = XMLVerifier().verify(element, x509_cert=pem, id_attribute="ID", expect_config=wanted)
        except (SignXMLException, InvalidSignature, ValueError, etree.LxmlError):
            continue
        found = result.signed_xml
        if found is not None and found.tag == element.tag and found.get("ID") == element.get("ID"):
            return found
    raise _refused("is not signed by the identity provider")


def _find_all_of_cryptography() -> None:
    """What the package leaves out of it (certificates) is found in the layer, which holds the same version whole."""
    import cryptography

    cryptography.__path__ = pkgutil.extend_path(cryptography.__path__, cryptography.__name__)


def _check_conditions(assertion: Any, entity_id: str) -> None:
    conditions = assertion.find(f"{_SAML}Conditions")
    if conditions is None:
        raise _refused("has no conditions")
    _check_moments(conditions)
    audiences = conditions.findall(f"{_SAML}AudienceRestriction")
    for restriction in audiences:
        if entity_id not in [(one.text or "").strip() for one in restriction.findall(f"{_SAML}Audience")]:
            raise _refused("is meant for somebody else")
    if not audiences:
        raise _refused("does not say for whom it is meant")


def _confirmed_request(assertion: Any, answer_address: str) -> str:
    """The id of the request that the assertion answers, confirmed for whoever bears it here and now."""
    for confirmation in assertion.findall(f"{_SAML}Subject/{_SAML}SubjectConfirmation"):
        told = confirmation.find(f"{_SAML}SubjectConfirmationData")
        if confirmation.get("Method") != _BEARER or told is None or told.get("NotOnOrAfter") is None:
            continue
        if told.get("Recipient") == answer_address and told.get("InResponseTo"):
            _check_moments(told)
            return str(told.get("InResponseTo"))
    raise _refused("answers no request of ours")


def _check_moments(element: Any) -> None:
    """Not before, and not at or after the moments that an element names."""
    now = clock.now()
    start, end = (_moment(element.get(name)) for name in ("NotBefore", "NotOnOrAfter"))
    if start is not None and clock.shift(start, seconds=-_SKEW_SECONDS) > now:
        raise _refused("is not good yet")
    if end is not None and clock.shift(end, seconds=_SKEW_SECONDS) <= now:
        raise _refused("is too old")


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return clock.parse(text)
    except ValueError:
        raise _refused("names a moment that is none") from None


def _text(element: Any, path: str) -> str:
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""


def _attribute(element: Any, name: str) -> str:
    value = element.get(name)
    if not value:
        raise _refused(f"lacks a {name}")
    return str(value)


def _refused(why: str) -> Invalid:
    return Invalid(f"The answer of the identity provider {why}.", "SAMLResponse", "a signed assertion")
