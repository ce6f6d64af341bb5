# SPDX-License-Identifier: EUPL-1.2
"""How the tests reach a service without a server."""

from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

from werkzeug.test import Client

from ivr.phone.transport import Answer, Fetch, Request, below


def wsgi(app: WSGIApplication, public_url: str) -> Fetch:
    """Return a fetch that calls an application in process, as if it stood behind a proxy at `public_url`.

    The proxy ends TLS, keeps the Host and strips the path prefix; the rest of the request target stays as it
    was sent. A URL elsewhere raises ConnectionError.
    """
    client = Client(app, use_cookies=False)

    def fetch(request: Request) -> Answer:
        target = below(public_url, request.url)
        if target is None:
            raise ConnectionError(f"{request.url} does not stand under {public_url}")
        path, _, query = target.partition("?")
        response = client.open(
            method=request.method,
            base_url=f"http://{urlsplit(public_url).netloc}/",
            data=dict(request.form),
            headers=dict(request.headers),
            environ_overrides={
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": query,
                "REQUEST_URI": target,
                "RAW_URI": target,
            },
        )
        return Answer(response.status_code, response.headers.get("Content-Type", ""), response.get_data())

    return fetch
