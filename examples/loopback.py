"""A server on this machine that answers every request with the same stream: no network is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

STREAMS = Path(__file__).with_name("streams")


@contextmanager
def replaying(name: str) -> Iterator[str]:
    """Serve ``streams/<name>``; gives the server's address."""
    body = (STREAMS / name).read_bytes()

    class Replay(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for start in range(0, len(body), 100):
                self.wfile.write(body[start : start + 100])

        def log_message(self, *args: object) -> None:
            """Not wanted here."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
