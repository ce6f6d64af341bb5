# SPDX-License-Identifier: EUPL-1.2
"""What Twilio calls: check who asks, read the form, and answer. Nothing of a caller leaves the request."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, RequestEntityTooLarge
from werkzeug.routing import BaseConverter
from werkzeug.wsgi import get_content_length

from ivr.answers import Answers
from ivr.web.refusals import note, refuse
from ivr.web.signature import VARIABLE, Signature

MOST_BYTES = 8 * 1024
"""Of a body. Twilio sends about one kilobyte, and a few more where a call carries a certificate."""

MOST_FIELDS = 100
"""Of a form. Twilio sends about thirty, and more come without notice."""

WRONGLY_SIGNED = "WRONGLY_SIGNED"
"""Name in the app's config of a function, if any, to call for each request whose signature is not one of ours."""

TYPE = "application/x-www-form-urlencoded"
FORM = "ivr.form"
"""Where a request keeps the fields that were signed (as PEP 3333 lets applications name what is their own)."""


class _Rest(BaseConverter):
    """The rest of an address, whatever it is: a caller is answered even at an address that we never wrote."""

    regex = "(?s:.*)"
    part_isolating = False


def blueprint(answers: Answers, signature: Signature, clock: Callable[[], datetime]) -> Blueprint:
    """The addresses of a line. Every request to them must be signed; `clock` gives the present."""
    bp = Blueprint("voice", __name__)
    bp.record_once(lambda state: state.app.url_map.converters.update(rest=_Rest))

    @bp.before_request
    def refuse_what_twilio_did_not_send() -> None:
        environ = request.environ
        if not environ.get(VARIABLE):  # its body is not even read
            raise Forbidden
        try:
            form = _form(environ)
            genuine = signature.genuine(environ.get("RAW_URI", ""), form, environ[VARIABLE])
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - what nobody signed yet is never answered, whatever goes wrong with it
            note(error)
            raise Forbidden from None
        if not genuine:
            current_app.config.get(WRONGLY_SIGNED, lambda: None)()
            raise Forbidden
        environ[FORM] = dict(form)

    @bp.post("/voice")
    def answer() -> Response:
        return _twiml(answers.start(clock()))

    @bp.post("/voice/<rest:address>")
    def go_on(address: str) -> Response:
        environ = request.environ
        return _twiml(answers.go_on(address, environ.get("QUERY_STRING", ""), environ[FORM], clock()))

    def read_all_numbers(error: Exception) -> Response:
        note(error)
        return _twiml(answers.fallback)

    bp.register_error_handler(HTTPException, refuse)
    bp.register_error_handler(Exception, read_all_numbers)

    return bp


def _twiml(document: bytes | str) -> Response:
    """An answer that Twilio carries out."""
    return Response(document, content_type="text/xml; charset=utf-8")


def _form(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    """The fields of the request, read once and exactly: a body that is no form cannot have been signed, and is refused.

    Flask's own `request.form` takes half of the time of a request, and reads what it cannot decode as something else;
    `parse_qsl` takes as long as the signature. A form is `name=value` pairs with & between them, each of them quoted.
    """
    body = _body(environ)
    is_form = environ.get("CONTENT_TYPE", "").lower().startswith(TYPE)
    if (body and not is_form) or body.count(b"&") >= MOST_FIELDS:
        raise BadRequest
    try:
        return _fields(body.decode("ascii"))
    except UnicodeDecodeError:  # bytes that are no text
        raise BadRequest from None


def _body(environ: WSGIEnvironment) -> bytes:
    """What was sent, read from the server at once: Flask's `get_data` takes as long as reading the fields.

    Of a body in chunks, which tells no length, no more is read than it may have.
    """
    length = get_content_length(environ)
    if length is not None and length > MOST_BYTES:
        raise RequestEntityTooLarge
    try:
        body: bytes = environ["wsgi.input"].read(MOST_BYTES if length is None else length)
    except Exception:  # noqa: BLE001 - it breaks off or is not in chunks, for which every server has errors of its own
        raise BadRequest from None
    return body


def _fields(text: str) -> list[tuple[str, str]]:
    fields = []
    for pair in text.replace("+", " ").split("&"):
        name, _, value = pair.partition("=")
        fields.append((_unquoted(name), _unquoted(value)) if "%" in pair else (name, value))
    return fields


def _unquoted(text: str) -> str:
    return unquote_to_bytes(text).decode()
