"""As little of a receiver as there can be, in a process of its own, so that it takes no time of ours."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = r"""
import socketserver, sys, threading, time

wanted = int(sys.argv[1])
times, lock = [], threading.Lock()

class Hook(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while line := self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            self.rfile.read(length)
            now = time.monotonic()
            self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            with lock:
                times.append(now)
                if len(times) == wanted:
                    print(times, flush=True)

class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True

with Server(("127.0.0.1", 0), Hook) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""
"""It tells when each of so many requests came, on the clock that all processes share."""


class Counting(NamedTuple):
    url: str
    process: subprocess.Popen[bytes]

    def times(self) -> list[float]:
        """When the requests came, once all have."""
        if self.process.stdout is None:
            raise RuntimeError("a server without a pipe")
        return list(json.loads(self.process.stdout.readline()))


@contextmanager
def counting(count: int = 0) -> Iterator[Counting]:
    """A receiver that takes everything, and tells of the first so many requests."""
    command = [sys.executable, "-c", SERVER, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            port = int(process.stdout.readline()) if process.stdout else 0
            socket.create_connection(("127.0.0.1", port), 10).close()
            yield Counting(f"http://127.0.0.1:{port}/hook", process)
        finally:
            process.terminate()
