"""Sends requests over kept connections and times each: as many as the server takes, or at a fixed rate; one thread."""

import selectors
import socket
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter

CONNECTIONS = 4
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one round gave: answers per second, and the milliseconds of each; ``refused`` counts answers from 400 up."""

    per_second: float
    milliseconds: tuple[float, ...]
    refused: int

    def percentile(self, percent: int) -> float:
        """Return the milliseconds that so many percent of the answers stayed under."""
        return quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)
    started: float = 0.0


def request(path: str, body: bytes, content_type: str = "application/fhir+json", method: str = "POST") -> bytes:
    """Write one request; the connection is kept."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/fhir+json\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def as_fast_as_it_goes(port: int, requests: Sequence[bytes], seconds: float) -> Measured:
    """Keep every connection busy: the next request leaves when the answer to the last has come."""
    return _run(port, requests, seconds, lambda sent: 0.0)


def at_rate(port: int, requests: Sequence[bytes], seconds: float, per_second: float) -> Measured:
    """Send at a fixed rate; the time of an answer counts from when its request was due, so that waiting counts."""
    return _run(port, requests, seconds, lambda sent: sent / per_second)


def _run(port: int, requests: Sequence[bytes], seconds: float, due: Callable[[int], float]) -> Measured:
    selector = selectors.DefaultSelector()
    idle = deque(_connect(port) for _ in range(CONNECTIONS))
    for one in idle:
        selector.register(one.socket, selectors.EVENT_READ, one)
    times: list[float] = []
    sent = refused = 0
    begin = perf_counter()
    while (now := perf_counter() - begin) < seconds or len(idle) < CONNECTIONS:
        while idle and now < seconds and due(sent) <= now:
            one = idle.popleft()
            one.started = begin + max(due(sent), now if not due(1) else 0.0)
            one.socket.sendall(requests[sent % len(requests)])
            sent += 1
        wait = max(0.0, due(sent) - now) if idle and now < seconds else 0.05
        for key, _ in selector.select(wait):
            status = _receive(key.data)
            if status is not None:
                times.append((perf_counter() - key.data.started) * 1000)
                refused += status >= 400
                idle.append(key.data)
    elapsed = perf_counter() - begin
    for one in idle:
        one.socket.close()
    return Measured(len(times) / elapsed, tuple(times), refused)


def _connect(port: int) -> _Connection:
    opened = socket.create_connection(("127.0.0.1", port), timeout=60)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Connection(opened)


def _receive(one: _Connection) -> int | None:
    """Take what has come; return the status when the answer is whole."""
    piece = one.socket.recv(1 << 20)
    if not piece:
        raise ConnectionError("the server closed a connection that was kept")
    one.received += piece
    end = one.received.find(END_OF_HEAD)
    if end < 0:
        return None
    head = bytes(one.received[:end])
    found = head.lower().find(LENGTH)
    length = int(head[found + len(LENGTH) :].split(b"\r\n", 1)[0]) if found >= 0 else 0
    if len(one.received) < end + len(END_OF_HEAD) + length:
        return None
    one.received.clear()
    return int(head.split(b" ", 2)[1])
