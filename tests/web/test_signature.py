# SPDX-License-Identifier: EUPL-1.2
from functools import cache
from urllib.parse import urlparse

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from ivr.app import create_app
from ivr.settings import Settings
from ivr.twiml import OVERRIDES
from ivr.web import webhooks
from ivr.web.signature import HEADER, Signature
from tests.conftest import LINE, PUBLIC_URL, TOKEN

FORM = "application/x-www-form-urlencoded"

VECTOR = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
    ("To", "+18005551212"),
]


def test_the_documented_vector() -> None:
    """Twilio's own example is genuine, in whatever order its fields come; https leaves the port out."""
    base, target, token = "https://example.com", "/myapp.php?foo=1&bar=2", "12345"
    claimed = "L/OH5YylLD5NRKLltdqwSvS0BnU="
    assert Signature([token], base).genuine(target, VECTOR, claimed)
    assert Signature([token], base).genuine(target, VECTOR[::-1], claimed)
    assert Signature([token], f"{base}:8443").genuine(target, VECTOR, claimed)
    assert not Signature([token], base).genuine(target, VECTOR[1:], claimed)
    assert not Signature(["12346"], base).genuine(target, VECTOR, claimed)


BASES = {
    "https://lijn.example": ["https://lijn.example", "https://lijn.example:443"],
    "https://lijn.example:8443": ["https://lijn.example", "https://lijn.example:8443"],
    "https://lijn.example:443/pad": ["https://lijn.example/pad", "https://lijn.example:443/pad"],
    "http://lijn.example/pad": ["http://lijn.example/pad", "http://lijn.example:80/pad"],
    "http://lijn.example:8000": ["http://lijn.example", "http://lijn.example:8000"],
}
"""Each way to write the public address, and the two ways in which it may be signed."""


@pytest.mark.parametrize("public_url", BASES)
def test_an_address_is_signed_with_and_without_its_port(public_url: str) -> None:
    """With the port that is written, or else the standard one, and without a port: these two forms are genuine, as they
    are to `RequestValidator`, and no other port, scheme or host is.
    """
    validator, target, form = RequestValidator(TOKEN), "/voice?offer=1", {"Digits": "3"}
    others = ["https://lijn.example:444", "http://lijn.example:443", "https://lijn.example:80", "https://example"]
    for base in {base for bases in BASES.values() for base in bases} | set(others):
        claimed = validator.compute_signature(base + target, form)
        genuine = Signature(["other", TOKEN], public_url).genuine(target, form.items(), claimed)
        assert genuine == (base in BASES[public_url]) == validator.validate(public_url + target, form, claimed)


@pytest.mark.parametrize("public_url", BASES)
def test_an_address_is_signed_with_and_without_its_fragment(public_url: str) -> None:
    """With exactly the fragment that we write behind every address, an address is genuine too; with none other."""
    validator, target, form = RequestValidator(TOKEN), "/voice?offer=1", {"Digits": "3"}
    signature = Signature([TOKEN], public_url, OVERRIDES)
    for base in BASES[public_url]:
        for fragment in ("", OVERRIDES):
            claimed = validator.compute_signature(base + target + fragment, form)
            assert signature.genuine(target, form.items(), claimed)
        for fragment in ("#", "#ct=2000", OVERRIDES + "&", OVERRIDES * 2, OVERRIDES[1:]):
            claimed = validator.compute_signature(base + target + fragment, form)
            assert not signature.genuine(target, form.items(), claimed), fragment


NAMES = st.text(max_size=12)
PAIRS = st.lists(st.tuples(NAMES, st.text(max_size=30)), max_size=12)
TARGETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map("/".__add__)


@settings(max_examples=1000, deadline=None)
@given(base=st.sampled_from(["https://lijn.example", "http://lijn.example:8000/pad"]), target=TARGETS, pairs=PAIRS)
@example(base="https://lijn.example", target="/a?", pairs=[("é", "€"), ("a", ""), ("a", "b"), ("a", "")])
def test_agrees_with_the_library_of_twilio(base: str, target: str, pairs: list[tuple[str, str]]) -> None:
    """On a thousand generated requests our check says what `RequestValidator` says, of a right and a wrong claim.

    Its own `validate` is asked too where it leaves the address as it was: it drops a bare question mark.
    """
    form, validator = MultiDict(pairs), RequestValidator(TOKEN)
    claimed = validator.compute_signature(base + target, form)
    assert Signature(["other", TOKEN], base).genuine(target, pairs, claimed)
    if urlparse(base + target).geturl() == base + target:
        assert validator.validate(base + target, form, claimed)
    for wrong in (claimed[:-2] + ("A" if claimed[-2] != "A" else "B") + "=", claimed[:-1], claimed + " ", ""):
        assert not Signature(["other", TOKEN], base).genuine(target, pairs, wrong)


@settings(max_examples=200, deadline=None)
@given(target=st.text(), pairs=PAIRS, claimed=st.text())
def test_never_fails(target: str, pairs: list[tuple[str, str]], claimed: str) -> None:
    """Whatever comes, half characters and all, is refused and never an error."""
    assert not Signature([TOKEN], PUBLIC_URL).genuine(target, pairs, claimed)
    assert not Signature([TOKEN], PUBLIC_URL).genuine("/\ud800" + target, [("\udfff", "\ud800")], claimed + "\udc80")


@cache
def app_of(tokens: tuple[str, ...], public_url: str) -> Flask:
    """The app with these settings: to read the card anew for each request costs more than all that is asked of it."""
    return create_app(Settings(tokens, public_url), line=LINE)


def ask(  # noqa: PLR0913 - a request has as many parts
    target: str = "/voice",
    body: bytes = b"CallSid=CA1",
    *,
    public_url: str = PUBLIC_URL,
    signed: str | None = None,
    tokens: tuple[str, ...] = (TOKEN,),
    content_type: str = FORM,
    signing_token: str = TOKEN,
    pairs: list[tuple[str, str]] | None = None,
) -> int:
    """The status of a request to the app; its server handed over `target`, and the address `signed` was signed."""
    form = MultiDict([("CallSid", "CA1")] if pairs is None else pairs)
    url = signed if signed is not None else public_url.replace(":8443", "") + target
    signature = RequestValidator(signing_token).compute_signature(url, form)
    path, _, query = target.partition("?")
    # As behind a proxy that ends TLS: plain HTTP, and a Host of the proxy's own choice.
    builder = EnvironBuilder(path=path, query_string=query, method="POST", input_stream=None, data=body)
    environ = builder.get_environ() | {"RAW_URI": target, "CONTENT_TYPE": content_type, "HTTP_HOST": "10.0.0.7:8000"}
    environ["HTTP_" + HEADER.upper().replace("-", "_")] = signature
    return int(run_wsgi_app(app_of(tokens, public_url), environ)[1].split()[0])


@pytest.mark.parametrize(
    ("public_url", "target", "signed"),
    [
        (PUBLIC_URL, "/voice", f"{PUBLIC_URL}/voice"),
        (PUBLIC_URL, "/voice?", f"{PUBLIC_URL}/voice?"),
        (PUBLIC_URL, "/voice?a=%20b&c=%C3%A9&d=a+b&e", f"{PUBLIC_URL}/voice?a=%20b&c=%C3%A9&d=a+b&e"),
        (PUBLIC_URL, "/voice/menu/m%61in/silence", f"{PUBLIC_URL}/voice/menu/m%61in/silence"),
        (PUBLIC_URL, "/voice/menu//main/silence", f"{PUBLIC_URL}/voice/menu//main/silence"),
        (f"{PUBLIC_URL}/pad/van/de/lijn", "/voice", f"{PUBLIC_URL}/pad/van/de/lijn/voice"),
        (f"{PUBLIC_URL}:8443", "/voice", f"{PUBLIC_URL}/voice"),
        ("http://lijn.example:8000", "/voice", "http://lijn.example:8000/voice"),
        (PUBLIC_URL, "/voice", f"{PUBLIC_URL}:443/voice"),
        (PUBLIC_URL, "/voice?a=b", f"{PUBLIC_URL}/voice?a=b{OVERRIDES}"),
    ],
    ids=[
        *("plain", "bare ?", "escapes", "escaped path", "two slashes", "prefix"),
        *("https port", "http port", "standard port", "fragment"),
    ],
)
def test_the_address_is_the_one_that_twilio_called(public_url: str, target: str, signed: str) -> None:
    """Behind a proxy that ends TLS, the configured base and the raw target make the address that was signed."""
    assert ask(target, public_url=public_url, signed=signed) == 200
    assert ask(target, public_url=public_url, signed=signed + "x") == 403


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"", []),
        (b"A=&B", [("A", ""), ("B", "")]),
        (b"A=1&A=2&A=1", [("A", "1"), ("A", "2"), ("A", "1")]),
        (b"A=%C3%A9+%E2%82%AC", [("A", "é €")]),
        (b"A%3D=%26", [("A=", "&")]),
    ],
    ids=["none", "blank", "repeated", "UTF-8", "escaped signs"],
)
def test_the_form_is_read_to_the_letter(body: bytes, pairs: list[tuple[str, str]]) -> None:
    """Blank values, repeated fields and any letter of UTF-8 are part of what was signed."""
    assert ask(body=body, pairs=pairs) == 200
    assert ask(body=body, pairs=[*pairs, ("More", "")]) == 403


def test_any_token_in_use_may_have_signed() -> None:
    """While tokens are changed the old and the new one count, and no other."""
    assert ask(tokens=("old", "new"), signing_token="old") == 200
    assert ask(tokens=("old", "new"), signing_token="new") == 200
    assert ask(tokens=("old", "new"), signing_token="older") == 403


@pytest.mark.parametrize(("part", "name"), [(Signature, "genuine"), (webhooks, "_fields")])
def test_an_error_in_the_check_is_a_refusal(monkeypatch: pytest.MonkeyPatch, part: object, name: str) -> None:
    """What could not be read or checked is a 403, and never an answer."""
    monkeypatch.setattr(part, name, lambda *_: 1 / 0)
    assert ask() == 403


def test_a_target_that_is_a_whole_address_is_refused() -> None:
    """The absolute form, in which a client names the host itself, is not an address that Twilio called."""
    assert ask("http://lijn.example/voice", signed=f"{PUBLIC_URL}/voice") == 403
    assert ask("http://lijn.example/voice", signed=f"{PUBLIC_URL}http://lijn.example/voice") == 403


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"A=%FF", FORM),
        (b"A=%ED%A0%80", FORM),
        ("A=é".encode(), FORM),
        (b"&".join([b"A=1"] * 101), FORM),
        (b'{"A": 1}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
    ids=["no UTF-8", "half a character", "unescaped", "many fields", "JSON", "multipart"],
)
def test_what_is_no_form_of_twilio_is_refused(body: bytes, content_type: str) -> None:
    """What cannot be read exactly has no signature to check: a 400, and nothing is guessed."""
    assert ask(body=body, content_type=content_type) == 400


def test_a_large_body_is_refused() -> None:
    """A body of more than 8 kB is a 413, and its signature is not looked at."""
    assert ask(body=b"A=" + b"a" * 8 * 1024, pairs=[("A", "a" * 8 * 1024)]) == 413
    assert ask(body=b"A=" + b"a" * 8 * 1000, pairs=[("A", "a" * 8 * 1000)]) == 200


def test_every_address_but_the_open_ones_is_signed() -> None:
    """Whatever route is added: without a signature it is refused, unless it is one that anybody may read."""
    app = app_of((TOKEN,), PUBLIC_URL)
    open_to_all = {"/", "/en", "/health/live", "/health/ready", "/.well-known/security.txt", "/sound/<address>"}
    client = Client(app)
    rules = {rule.rule: sorted(rule.methods or ()) for rule in app.url_map.iter_rules()}
    assert open_to_all < set(rules)
    for rule in set(rules) - open_to_all:
        path = rule.replace("<rest:address>", "menu/main/silence")
        assert "<" not in path, f"{rule}: say here what may stand in its place"
        for method in rules[rule]:
            assert client.open(path, method=method).status_code == 403, f"{method} {rule}"
