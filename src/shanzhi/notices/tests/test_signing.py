"""A receiver knows who sent a webhook, when, and that nothing was changed."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.notices.signing import TOLERANCE_S, headers, signature, verified

AT = 1_764_000_000
BODY = b'{"type":"case.moved"}'


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks libraries."""
    import base64

    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=1), st.binary(), st.binary())
def test_only_what_was_signed_with_the_secret_is_believed(secret: bytes, body: bytes, other: bytes) -> None:
    sent = headers(secret, "msg_1", AT, body)
    assert verified(secret, sent, body, AT + TOLERANCE_S)
    assert verified(secret, sent, other, AT) is (other == body)
    assert not verified(secret + b"x", sent, body, AT)


def test_what_is_old_or_moved_to_another_message_is_not_believed() -> None:
    sent = headers(b"secret", "msg_1", AT, BODY)
    assert not verified(b"secret", sent, BODY, AT + TOLERANCE_S + 1)
    assert not verified(b"secret", {**sent, "webhook-id": "msg_2"}, BODY, AT)
    assert not verified(b"secret", {**sent, "webhook-timestamp": "soon"}, BODY, AT)
    assert not verified(b"secret", {**sent, "webhook-signature": "v1,签名"}, BODY, AT)
