"""A real HTTP server on this machine that takes webhooks, and misbehaves when it is told to.

with Receiver() as receiver:
    receiver.answer(Answer(500), DROP)     # the first two requests; then 200 again
    ... send something to receiver.url ...
    receiver.requests[0].headers["webhook-id"]
"""

import socket
import struct
import threading
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 10
"""Seconds after which a wait in a test has failed."""


MISBEHAVIOUR = ("hang", "drop", "half_head", "half_body", "drip_head", "drip_body", "flood", "die")
"""Say nothing, reset the connection, stop half-way, never come to an end, or say 200 and die."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict
    body: bytes = field(repr=False)


class Receiver:
    """`requests` in order of arrival; `most_at_once` by webhook-id, of requests being answered.

    `connections` counts those that were ever opened.
    """

    def __init__(self, tls=None):
        self.requests: list[Request] = []
        self.default = 200
        self.most_at_once: Counter = Counter()
        self.stopped = threading.Event()
        self.connections = 0
        self._open: set = set()
        self._script: deque = deque()
        self._changed = threading.Condition()
        self._now: Counter = Counter()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/hook"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self.hang_up()
        self._server.server_close()

    def hang_up(self):
        """Close every connection that a caller keeps."""
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def called(self, connection):
        with self._changed:
            self.connections += 1
            self._open.add(connection)

    def left(self, connection):
        with self._changed:
            self._open.discard(connection)

    def answer(self, *answers):
        """What the next requests get, one each; after them `default`.

        A status, (status, headers, body), or a word of MISBEHAVIOUR.
        """
        self._script.extend(answers)

    def recover(self):
        """Forget the answers that were asked for: from now on `default`."""
        self._script.clear()

    def wait_for(self, count, patience=PATIENCE):
        """Until so many requests have arrived."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, patience), (
                f"{len(self.requests)} of {count} requests arrived"
            )

    def ids(self):
        return [request.headers["webhook-id"] for request in self.requests]

    def arrived(self, request):
        """Called by the server: note a request and choose its answer."""
        with self._changed:
            self.requests.append(request)
            key = request.headers.get("webhook-id")
            self._now[key] += 1
            self.most_at_once[key] = max(self.most_at_once[key], self._now[key])
            self._changed.notify_all()
            return self._script.popleft() if self._script else self.default

    def answered(self, request):
        with self._changed:
            self._now[request.headers.get("webhook-id")] -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that goes away is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.receiver.called(self.connection)

    def finish(self):
        self.server.receiver.left(self.connection)
        super().finish()

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # the sender died in the middle of a word
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        answer = self.server.receiver.arrived(request)
        try:
            if answer in MISBEHAVIOUR:
                self.close_connection = True
                getattr(self, f"_{answer}")()
            else:
                self._say(*((answer, {}, b"") if isinstance(answer, int) else answer))
        finally:
            self.server.receiver.answered(request)

    def do_GET(self):
        """What a followed redirect would ask for."""
        self.do_POST()

    def log_message(self, *args):
        pass

    def _say(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _gone(self, pace):
        """True once the client has gone or the server is being stopped."""
        if self.server.receiver.stopped.wait(pace):
            return True
        self.connection.settimeout(0.001)
        try:
            return self.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(PATIENCE)

    def _hang(self):
        while not self._gone(0.01):
            pass

    def _drop(self):
        # No lingering: the other side sees a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _die(self):
        self._say(200, {}, b"")
        self._drop()

    def _half_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-le")

    def _half_body(self):
        self.wfile.write(b"HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\nonly so mu")

    def _drip_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        self._drip()

    def _drip_body(self):
        self.wfile.write(b"HTTP/1.1 500 Oh\r\ncontent-length: 1000000\r\n\r\nslow")
        self._drip()

    def _flood(self):
        self.wfile.write(b"HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n")
        while not self._gone(0):
            self.wfile.write(b"x" * 4096)

    def _drip(self):
        while not self._gone(0.01):
            self.wfile.write(b".")
