"""Sends requests over kept connections and times each: as many as the server takes, or at a fixed rate; one thread."""

import selectors
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles
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

    @property
    def p50(self) -> float:
        """Return the milliseconds that half of the answers stayed under."""
        return median(self.milliseconds)

    @property
    def p99(self) -> float:
        """Return the milliseconds that 99 of 100 answers stayed under."""
        return quantiles(self.milliseconds, n=100, method="inclusive")[98]


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


def as_fast_as_it_goes(
    port: int, requests: Iterator[bytes], seconds: float, connections: int = CONNECTIONS
) -> Measured:
    """Keep every connection busy: the next request leaves when the answer to the last has come."""
    return _run(port, requests, lambda _, now: now < seconds, _at_once, connections)


def so_many(port: int, requests: Iterator[bytes], count: int) -> Measured:
    """Keep every connection busy until so many requests are answered."""
    return _run(port, requests, lambda sent, _: sent < count, _at_once)


def at_rate(port: int, requests: Iterator[bytes], seconds: float, per_second: float) -> Measured:
    """Send at a fixed rate; the time of an answer counts from when its request was due, so that waiting counts."""
    return _run(port, requests, lambda _, now: now < seconds, lambda sent: sent / per_second)


def _run(
    port: int,
    requests: Iterator[bytes],
    goes_on: Callable[[int, float], bool],
    due: Callable[[int], float],
    connections: int = CONNECTIONS,
) -> Measured:
    selector = selectors.DefaultSelector()
    idle = deque(_connect(port) for _ in range(connections))
    for one in idle:
        selector.register(one.socket, selectors.EVENT_READ, one)
    times: list[float] = []
    sent = refused = 0
    begin = perf_counter()
    while goes_on(sent, now := perf_counter() - begin) or len(idle) < connections:
        while idle and goes_on(sent, now) and due(sent) <= now:
            one = idle.popleft()
            one.started = begin + (now if due is _at_once else due(sent))
            one.socket.sendall(next(requests))
            sent += 1
        wait = max(0.0, due(sent) - now) if idle and goes_on(sent, now) else 0.05
        for key, _ in selector.select(wait):
            status = _receive(key.data)
            if status is not None:
                times.append((perf_counter() - key.data.started) * 1000)
                refused += status >= 400
                idle.append(key.data)
    elapsed = perf_counter() - begin
    for one in idle:
        one.socket.close()
    selector.close()
    return Measured(len(times) / elapsed, tuple(times), refused)


def _at_once(_: int) -> float:
    return 0.0


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
