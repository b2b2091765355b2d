"""A security key in software: real registrations (attestation "none") and assertions, signed with ES256."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SecurityKey:
    """One key. `counts`: whether it counts what it signs; `origin`: the page it is told of, the site's own if None."""

    def __init__(self, *, counts: bool = True, origin: str | None = None) -> None:
        self.id = secrets.token_bytes(32)
        self.counter = 0
        self._counts = counts
        self._origin = origin
        self._private = ec.generate_private_key(ec.SECP256R1())

    def register(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The answer to the options of a registration; `changed` replaces `kind` or `challenge` of what is answered."""
        public_key = cbor.encode(dict(ES256.from_cryptography_key(self._private.public_key())))
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public_key
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], options["rp"]["id"], changed)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def sign(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The answer to the challenge of a login."""
        self.counter += self._counts
        data = self._data(options["rpId"], PRESENT)
        client = self._client("webauthn.get", options["challenge"], options["rpId"], changed)
        signed = data + hashlib.sha256(client).digest()
        signature = self._private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=b"ada")

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str, site: str, changed: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self._origin or f"https://{site}", **changed}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        """As browsers write it as JSON, with what they add."""
        return {
            "id": encoded(self.id),
            "rawId": encoded(self.id),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {**{name: encoded(value) for name, value in response.items()}, "transports": ["usb", "nfc"]},
        }
