"""Encryption of single fields by SM4-GCM (GB/T 32907-2016)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE = 12
TAG = 16


class FieldCipher:
    """Encrypts texts with one key of 16 bytes: nonce (12 bytes), ciphertext, tag (16 bytes).

    `bound` names what the text belongs to (a person's id, a column): a ciphertext that is moved to another
    row no longer decrypts.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != 16:
            raise ValueError("an SM4 key has 16 bytes")
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, text: str, bound: bytes = b"") -> bytes:
        nonce = secrets.token_bytes(NONCE)
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return nonce + encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag

    def decrypt(self, data: bytes, bound: bytes = b"") -> str:
        """Raises ValueError when the data was changed, or was encrypted with another key or bound."""
        if len(data) < NONCE + TAG:
            raise ValueError("too short to be an encrypted field")
        decryptor = Cipher(self._algorithm, modes.GCM(data[:NONCE], data[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(bound)
        try:
            return (decryptor.update(data[NONCE:-TAG]) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise ValueError("the field was changed or belongs elsewhere") from error
