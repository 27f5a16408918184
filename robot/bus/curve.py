"""Keys for tcp: a bus leaves its machine encrypted and between known parties, or not at all.

One key file holds the two pairs of a robot, server (the side that binds) and client (the side that connects); copy
it to the second machine. An authenticator in the binding process admits exactly that client.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils import z85

from robot.bus.errors import BusError


@dataclass(frozen=True)
class Keys:
    """The two CURVE pairs of one robot, in Z85 (40 characters each)."""

    server_public: str
    server_secret: str
    client_public: str
    client_secret: str


def create_keys(path: Path) -> Keys:
    """Make new keys and write them to `path`, readable by its owner only. Raises FileExistsError."""
    server_public, server_secret = zmq.curve_keypair()
    client_public, client_secret = zmq.curve_keypair()
    keys = Keys(server_public.decode(), server_secret.decode(), client_public.decode(), client_secret.decode())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(keys), file, indent=2)
    return keys


def load_keys(path: Path) -> Keys:
    """Read the keys in `path`. Raises BusError when there are none or others could read them."""
    try:
        if path.stat().st_mode & 0o077:
            raise BusError(f"{path}: others can read these keys; make the file private (chmod 600)")
        keys = Keys(**json.loads(path.read_text()))
        for key in asdict(keys).values():
            if not isinstance(key, str) or len(z85.decode(key.encode())) != 32:
                raise ValueError("a key is not 40 characters of Z85")
    except OSError as error:
        raise BusError(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        if isinstance(error, BusError):
            raise
        raise BusError(f"{path}: not a key file ({error})") from error
    return keys


def secure(socket: zmq.Socket[Any], endpoint: str, keys: Keys | None, *, server: bool) -> None:
    """Prepare `socket` for `endpoint`: nothing for ipc, CURVE for tcp. Raises BusError for tcp without keys."""
    if not endpoint.startswith("tcp://"):
        return
    if keys is None:
        raise BusError(f"{endpoint}: a bus over tcp needs keys (an open port is refused); give it a key file")
    public, secret = (keys.server_public, keys.server_secret) if server else (keys.client_public, keys.client_secret)
    socket.curve_publickey = public.encode()
    socket.curve_secretkey = secret.encode()
    if server:
        socket.curve_server = True
    else:
        socket.curve_serverkey = keys.server_public.encode()


def admit(context: zmq.Context[Any], keys: Keys) -> ThreadAuthenticator:
    """Start the authenticator of `context`: CURVE clients are admitted only with the client key of `keys`. Stop it."""
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve_callback(domain="*", credentials_provider=_KnownClient(keys))
    return authenticator


class _KnownClient:
    def __init__(self, keys: Keys) -> None:
        self._known = keys.client_public.encode()

    def callback(self, domain: str, key: bytes) -> bool:
        """Return whether `key` (Z85) is the client's."""
        return key == self._known
