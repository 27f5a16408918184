"""Who may look: the right host name, the page's own origin, and a token wherever others can reach the port."""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass

from aiohttp import web

from launch.errors import CallError

COOKIE = "housemate"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Gate:
    """The rule of one server."""

    host: str
    token: str
    """Empty on loopback: whoever is on this machine may look."""

    @classmethod
    def of(cls, host: str, token: str | None) -> Gate:
        """Return the gate of a server at `host`: off loopback there is always a token, given or drawn.

        Raises:
            CallError: a token that is too short to keep anybody out, or that no address can carry.
        """
        if token is not None and len(token) < 12:
            raise CallError("--token: must have at least 12 characters")
        if token is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", token):
            raise CallError("--token: must be of letters, digits, - and _, because it stands in the page's address")
        if token is None and not is_loopback(host):
            token = secrets.token_urlsafe(16)
        return cls(host, token or "")

    def check(self, request: web.Request) -> web.Response | None:
        """Return the refusal of a request; None lets it in."""
        if not self._host_is_ours(request.headers.get("Host", "")):
            return web.Response(status=421, text="this server is not called so\n")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.headers.get('Host', '')}":
            return web.Response(status=403, text="requests from other pages are refused\n")
        if self.token and not self._knows(request):
            return web.Response(status=401, text="open the address with its ?token=..., as the run printed it\n")
        return None

    def _host_is_ours(self, header: str) -> bool:
        """A foreign name that resolves to this machine (DNS rebinding) is not ours; behind a token any name will do."""
        if self.token:
            return True
        name = header.rpartition(":")[0] if header.rpartition(":")[2].isdigit() else header
        return name in LOCAL_NAMES or name == self.host

    def _knows(self, request: web.Request) -> bool:
        given = request.query.get("token") or request.cookies.get(COOKIE, "")
        return hmac.compare_digest(given.encode(), self.token.encode())
