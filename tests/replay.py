"""A server on this machine that answers every request with one body, for the official clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

EVENTS = "text/event-stream; charset=utf-8"


class Replay:
    """``body`` is the answer, ``kind`` its content type."""

    def __init__(self) -> None:
        self.body = b""
        self.kind = EVENTS
        replay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", replay.kind)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(replay.body)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Not wanted here."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def replaying() -> Iterator[Replay]:
    """A server for as long as the block lasts."""
    replay = Replay()
    try:
        yield replay
    finally:
        replay.stop()
