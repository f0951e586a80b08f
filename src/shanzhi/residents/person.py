"""A person as a row: encrypted fields, and an id that the same contact always gets.

Pure, so that the reporting of a case can write the person in the same statement as the case. The id of
somebody with a phone is an HMAC of phone and name: whoever reports twice is one person, without a look-up
first, and nobody overwrites the name that somebody else has given with the same phone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.identity import normal_citizen_id, normal_phone
from shanzhi.base.ids import new_id
from shanzhi.base.value import dataclass

TABLE = "residents_person"
COLUMNS = ("id", "name", "phone", "phone_hash", "citizen_id", "address", "account_id", "created_at")
LONGEST_NAME = 64
LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached (联系方式), in plain text: never logged, never in the journal."""

    name: str = ""
    phone: str = ""
    citizen_id: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "Contact(…)"

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.citizen_id or self.address)

    def normal(self) -> "Contact":
        """The same as it is kept; raises Invalid for a phone or a citizen id that is none."""
        return Contact(
            self.name.strip()[:LONGEST_NAME],
            normal_phone(self.phone),
            normal_citizen_id(self.citizen_id),
            self.address.strip()[:LONGEST_ADDRESS],
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """What encrypts the fields, and what makes pseudonyms of phones and ids."""

    cipher: FieldCipher
    pseudonym: bytes

    def phone_hash(self, phone: str) -> bytes:
        return hmac_sm3(self.pseudonym, b"phone\0" + phone.encode())


def person_id(keys: Keys, contact: Contact, account: int | None = None) -> UUID:
    """The id of a contact in normal form: of the account, else of phone and name, else a new one."""
    if account is not None:
        return _uuid(hmac_sm3(keys.pseudonym, f"account\0{account}".encode()))
    if contact.phone:
        return _uuid(hmac_sm3(keys.pseudonym, f"person\0{contact.phone}\0{contact.name}".encode()))
    return new_id()


def _uuid(digest: bytes) -> UUID:
    """A UUID of version 8 (RFC 9562: vendor-specific)."""
    return UUID(int=int.from_bytes(digest[:16]) & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62)


def row(keys: Keys, contact: Contact, *, at: datetime, account: int | None = None) -> dict[str, Any]:
    """The columns of `residents_person`, ready for JSON; see `actions.rows`.

    Raises Invalid for a phone or a citizen id that is none.
    """
    kept = contact.normal()
    id_ = person_id(keys, kept, account)
    return {
        "id": str(id_),
        "name": _sealed(keys, id_, "name", kept.name),
        "phone": _sealed(keys, id_, "phone", kept.phone),
        "phone_hash": "\\x" + keys.phone_hash(kept.phone).hex() if kept.phone else None,
        "citizen_id": _sealed(keys, id_, "citizen_id", kept.citizen_id),
        "address": _sealed(keys, id_, "address", kept.address),
        "account_id": account,
        "created_at": at,
    }


def _sealed(keys: Keys, id_: UUID, column: str, text: str) -> str | None:
    return "\\x" + seal(keys, id_, column, text).hex() if text else None


def seal(keys: Keys, id_: UUID, column: str, text: str) -> bytes:
    """Encrypts a field for this person and this column; it decrypts nowhere else."""
    return keys.cipher.encrypt(text, id_.bytes + column.encode())


def opened(keys: Keys, id_: UUID, column: str, data: bytes | None) -> str:
    """The text of an encrypted field; raises ValueError when it was changed."""
    return keys.cipher.decrypt(bytes(data), id_.bytes + column.encode()) if data else ""
