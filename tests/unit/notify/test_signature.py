"""Standard Webhooks signatures, judged by the official library where time allows it."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.notify.signature import Signer, headers

NOW = 1_674_087_231
BODY = '{"type":"contact.created","name":"에너지"}'.encode()


def a_secret(size=32, prefix="whsec_"):
    return prefix + base64.b64encode(bytes(range(size))).decode()


def test_the_signature_covers_the_id_the_timestamp_and_the_body():
    found = headers("msg_1", NOW, BODY, Signer(a_secret(), owner="receiver 'desk'"))
    content = b"msg_1." + str(NOW).encode() + b"." + BODY
    expected = base64.b64encode(hmac.new(bytes(range(32)), content, hashlib.sha256).digest())
    assert found == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": "v1," + expected.decode(),
    }


def test_the_example_of_the_official_library_gives_its_signature():
    signer = Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", owner="x")
    signature = signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_without_a_secret_the_id_and_the_timestamp_are_still_sent():
    assert headers("msg_1", NOW, BODY, None) == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
    }


@pytest.mark.parametrize("size", [24, 64])
def test_a_secret_of_the_least_and_of_the_most_bytes_is_accepted(size):
    assert Signer(a_secret(size), owner="x").sign("m", NOW, BODY).startswith("v1,")


def test_base64_without_its_padding_is_the_same_secret():
    padded, bare = a_secret(25), a_secret(25).rstrip("=")
    assert padded != bare
    one, other = Signer(padded, owner="x"), Signer(bare, owner="x")
    assert one.sign("m", NOW, BODY) == other.sign("m", NOW, BODY)


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        (a_secret(23), "has 23 bytes instead of 24 to 64"),
        (a_secret(65), "has 65 bytes instead of 24 to 64"),
        (a_secret(prefix=""), "does not begin with whsec_"),
        (a_secret(prefix="whsk_"), "does not begin with whsec_"),
        ("whsec_", "has 0 bytes"),
        ("whsec_no*base64*at*all*but*long*enough", "is not base64"),
        ("whsec_" + "schlüssel" * 5, "is not base64"),
        ("whsec_abcde", "is not base64"),
        (a_secret()[:20] + "*" + a_secret()[20:], "is not base64"),
        (a_secret() + "\n", "is not base64"),
    ],
)
def test_a_bad_secret_is_refused_without_being_shown(secret, fault):
    with pytest.raises(ConfigError) as caught:
        Signer(secret, owner="receiver 'desk'")
    error = caught.value
    assert error.message.startswith("receiver 'desk': the signing secret")
    assert fault in error.message
    assert len(secret) < 9 or secret[6:] not in f"{error!r} {error.hint}"
    assert error.__cause__ is None
    assert error.__suppress_context__


@given(st.text(max_size=100))
def test_any_text_is_a_secret_or_a_config_error(text):
    for secret in (text, "whsec_" + text):
        try:
            signer = Signer(secret, owner="x")
        except ConfigError:
            continue
        assert signer.sign("m", NOW, BODY).startswith("v1,")


def test_a_signer_does_not_show_its_secret():
    assert repr(Signer(a_secret(), owner="x")) == "Signer()"
