# SPDX-License-Identifier: EUPL-1.2
"""A server that speaks the part of Twilio's API that we use, as its documentation describes it.

It has pages, limits, errors and slow answers. The real client is pointed here: see `redirected`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import HTTPAdapter
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from ivr.twilio.client import Courier
from tests.serving import in_a_thread
from tests.twilio.service import ADDRESS, PARENT, Json, Service


class NotAnswered(Exception):  # noqa: N818 - it is an answer
    """An answer that is no success."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": status, "code": code, "message": message, "more_info": f"https://example/{code}"}


def missing(path: str) -> NotAnswered:
    """What Twilio says of something that is not there; it quotes the address, with the SID of a call."""
    return NotAnswered(404, 20404, f"The requested resource {path} was not found")


def api(service: Service) -> WSGIApplication:
    """A service as an application that answers each request."""

    @Request.application
    def answer(request: Request) -> Response:
        where = f"{request.host}{request.path}"
        given = (request.form if request.method == "POST" else request.args).to_dict()
        service.seen.append((request.method, where, given))
        service.before(f"{request.method} {where}")
        time.sleep(service.slow)
        if service.busy:
            wait = service.busy.pop(0)
            headers = {} if wait is None else {"Retry-After": str(wait)}
            return Response(json.dumps({"code": 20429}), 429, headers)
        for pattern, (status, told) in service.failing.items():
            if re.search(pattern, f"{request.method} {where}"):
                return Response(told, status)
        try:
            made = _answered(service, request, given)
        except NotAnswered as refusal:
            return Response(json.dumps(refusal.body), refusal.status)
        return Response(status=204) if made is None else Response(json.dumps(made))

    return answer


def _answered(service: Service, request: Request, given: dict[str, str]) -> Json | None:
    product, *where = request.host.removesuffix(".twilio.com").split(".")
    region = where[-1] if where else "us1"
    login = request.authorization
    theirs, account = service.logins.get((str(login and login.username), str(login and login.password)), ("", ""))
    if theirs != region:
        raise NotAnswered(401, 20003, "Authenticate")
    for method, pattern, answered in TABLE[product]:
        if method == request.method and (match := re.fullmatch(pattern, request.path)):
            made: Json | Page | None = answered(service, region, account, *match.groups(), given)
            told = isinstance(made, Page) and made.told(f"https://{request.host}", request.path, given, service.page)
            return told or cast("Json | None", made)
    raise missing(request.path)


@dataclass
class Page:
    """A list, told page by page: of 2010 with `next_page_uri`, later with `meta`."""

    key: str
    items: list[Json]
    meta: bool = False

    def told(self, base: str, path: str, given: dict[str, str], most: int) -> Json:
        """One page, with the address of the next."""
        size = min(int(given.get("PageSize", 50)), most)
        page, token = int(given.get("Page", 0)), given.get("PageToken")
        begin = next((i + 1 for i, one in enumerate(self.items) if f"PA{_name(one)}" == token), 0) if token else 0
        shown, rest = self.items[begin : begin + size], self.items[begin + size :]
        query = {name: value for name, value in given.items() if name not in ("Page", "PageToken", "PageSize")}
        query |= {"PageSize": str(size), "Page": str(page + 1)}
        after = f"{path}?{urlencode({**query, 'PageToken': f'PA{_name(shown[-1])}'})}" if rest else None
        if self.meta:
            return {"meta": {"key": self.key, "next_page_url": after and base + after}, self.key: shown}
        return {self.key: shown, "next_page_uri": after}


def _name(item: Json) -> str:
    return str(item.get("sid") or item.get("iso_code") or item["request"]["parameters"]["digits"])


def _mine(account: str, sid: str) -> None:
    if account not in (sid, PARENT):
        raise NotAnswered(401, 20003, "Authenticate")


def _numbers(service: Service, region: str, account: str, sid: str, given: dict[str, str]) -> Page:
    _mine(account, sid)
    wanted = given.get("PhoneNumber", "")
    return Page("incoming_phone_numbers", [one for one in service.records[region] if wanted in one["phone_number"]])


def _snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def _plain(value: str) -> str | bool:
    return value == "true" if value in {"true", "false"} else value


def _number(  # noqa: PLR0913, PLR0917 - region, account and what the address holds
    service: Service, region: str, account: str, sid: str, number: str, given: dict[str, str]
) -> Json:
    _mine(account, sid)
    found = next((one for one in service.records[region] if one["sid"] == number), None)
    if found is None:
        raise missing(number)
    if wrong := {_snake(name) for name in given} - set(found):
        raise NotAnswered(400, 20001, f"Unknown parameters {wrong}")
    taken = {name: value for name, value in given.items() if name not in service.ignored}
    # A SID that is emptied is gone; an address is empty text.
    found |= {
        _snake(name): None if (name[-3:], value) == ("Sid", "") else _plain(value) for name, value in taken.items()
    }
    for one, other in (("trunk_sid", "voice_application_sid"), ("voice_application_sid", "trunk_sid")):
        if given.get("TrunkSid" if one == "trunk_sid" else "VoiceApplicationSid"):
            found[other] = None
    return found


def _account(service: Service, _: str, account: str, sid: str, __: dict[str, str]) -> Json:
    _mine(account, sid)
    return service.account | {"auth_token": "never-shown", "friendly_name": "lijn"}


def _balance(service: Service, _: str, account: str, sid: str, __: dict[str, str]) -> Json:
    _mine(account, sid)
    if service.balance is None:
        raise missing("Balance.json")
    return {"account_sid": sid, "balance": service.balance, "currency": "USD"}


def _calls(service: Service, region: str, _: str, __: str, given: dict[str, str]) -> Page:
    filters = {"To": "to", "From": "from", "Status": "status"}
    wanted = {ours: given[theirs] for theirs, ours in filters.items() if theirs in given}
    return Page("calls", [one for one in service.calls[region] if wanted.items() <= one.items()])


def _delete(service: Service, region: str, _: str, __: str, sid: str, ___: dict[str, str]) -> None:
    found = next((one for one in service.calls[region] if one["sid"] == sid), None)
    if found is None:
        raise missing(f"/Calls/{sid}.json")
    if found["price"] == "early":
        raise NotAnswered(400, 20009, "Cannot delete this resource yet")
    service.calls[region].remove(found)


def _events(service: Service, region: str, _: str, __: str, sid: str, ___: dict[str, str]) -> Page:
    if not service.events_stay and all(one["sid"] != sid for one in service.calls[region]):
        raise missing(f"/Calls/{sid}/Events.json")
    return Page("events", service.events.get(sid, []))


def _route(service: Service, _: str, account: str, number: str, given: dict[str, str]) -> Json:
    if "VoiceRegion" in given:
        service.routes[number] = given["VoiceRegion"]
    if number not in service.routes:
        raise missing(number)
    return {"phone_number": number, "account_sid": account, "voice_region": service.routes[number]}


def _insights(service: Service, _: str, account: str, given: dict[str, str]) -> Json:
    service.insights |= {_snake(name): _plain(value) for name, value in given.items()}
    return service.insights | {"account_sid": account}


def _alerts(service: Service, region: str, _: str, given: dict[str, str]) -> Page:
    listed = [one for one in service.alerts[region] if one["date_generated"] >= given["StartDate"]]
    return Page("alerts", [one for one in listed if one["log_level"] == given["LogLevel"]], meta=True)


Answered = Callable[..., Any]
A = r"/2010-04-01/Accounts/(AC\w+)"
TABLE: dict[str, list[tuple[str, str, Answered]]] = {
    "api": [
        ("GET", A + r"/IncomingPhoneNumbers\.json", _numbers),
        ("POST", A + r"/IncomingPhoneNumbers/(PN\w+)\.json", _number),
        ("GET", A + r"\.json", _account),
        ("GET", A + r"/Balance\.json", _balance),
        ("GET", A + r"/Calls\.json", _calls),
        ("DELETE", A + r"/Calls/(CA\w+)\.json", _delete),
        ("GET", A + r"/Calls/(CA\w+)/Events\.json", _events),
        ("GET", A + r"/Recordings\.json", lambda s, *_: Page("recordings", s.recordings)),
        ("GET", A + r"/Transcriptions\.json", lambda s, *_: Page("transcriptions", s.transcriptions)),
        ("GET", A + r"/OutgoingCallerIds\.json", lambda s, *_: Page("outgoing_caller_ids", s.caller_ids)),
        ("GET", A + r"/Addresses/(AD\w+)\.json", lambda s, *_: s.address | {"sid": ADDRESS}),
    ],
    "routes": [("GET", r"/v2/PhoneNumbers/(.+)", _route), ("POST", r"/v2/PhoneNumbers/(.+)", _route)],
    "insights": [("GET", "/v1/Voice/Settings", _insights), ("POST", "/v1/Voice/Settings", _insights)],
    "voice": [("GET", "/v1/DialingPermissions/Countries", lambda s, *_: Page("content", s.countries, meta=True))],
    "numbers": [("GET", r"/v2/RegulatoryCompliance/Bundles/(BU\w+)", lambda s, *_: s.bundle)],
    "monitor": [("GET", "/v1/Alerts", _alerts)],
}


class _ToServer(HTTPAdapter):
    """Carries a request for Twilio to the server here, with the Host that Twilio would have seen."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request: requests.PreparedRequest, *_: object, **options: Any) -> requests.Response:  # noqa: ANN401
        """Send it, past every proxy of this machine."""
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = parts._replace(scheme="http", netloc=f"127.0.0.1:{self._port}").geturl()
        return super().send(request, timeout=options["timeout"])


def redirected(port: int) -> type[Courier]:
    """The courier of the real client, whose requests come to this machine."""

    class Redirected(Courier):
        def __init__(self) -> None:
            super().__init__()
            cast("requests.Session", self.session).mount("https://", _ToServer(port))

    return Redirected


@contextmanager
def running(service: Service) -> Iterator[int]:
    """Serve it; the port."""
    server = make_server("127.0.0.1", 0, api(service), threaded=True)
    with in_a_thread(server):
        yield server.port
