#!/usr/bin/env python3
"""A reference peer of PRV/1, written from docs/protocol.md: a worker, a client, and a check of the golden vectors.

Workers and clients need pyzmq (Debian: python3-zmq), the vectors do not.
"""

import argparse
import collections
import heapq
import itertools
import json
import os
import select
import signal
import sys
import time

from prv_wire import BATCH_BYTES, Malformed, check_vector, decode, encode

LIVENESS = 3
MESSAGE_BYTES_MAX = 1 << 20
RETRIED = ("BUSY", "NOT_ACTIVE", "STALE_EPOCH")


class Peer:
    """One side's DEALER: its connection, what it is about to say, and the silence of the other side."""

    def __init__(self, endpoint):
        import zmq

        self.zmq, self.endpoint = zmq, endpoint
        self.context, self.socket = zmq.Context(), None
        self.peer_id = os.urandom(16).hex()
        self.queue, self.heartbeat, self.limit = None, 1.0, BATCH_BYTES
        self.connect()

    def connect(self):
        """Opens a new connection, and introduces itself on it."""
        if self.socket is not None:
            self.socket.close(linger=0)
        self.socket = self.context.socket(self.zmq.DEALER)
        self.socket.connect(self.endpoint)
        self.heard = self.said = time.monotonic()
        self.introduce()

    def introduce(self):
        """Begins anew: what was about to be said goes behind the greeting, or is in vain."""
        self.out, self.welcomed, self.greeted = [], False, time.monotonic()
        self.greet()

    def say(self, kind, **fields):
        self.out.append({"type": kind, **fields})

    def turn(self, wait=0.1):
        """Sends what there is to say, beats, waits for messages and takes them all."""
        now = time.monotonic()
        if not self.out and now - self.said >= self.heartbeat:
            self.beat()
        self.flush()
        if self.socket.poll(max(0, min(wait, self.heartbeat / 2)) * 1000):
            while self.socket.poll(0):
                self.take(self.socket.recv_multipart())
        elif now - self.heard > LIVENESS * self.heartbeat:
            self.connect()

    def flush(self):
        for message in encode(self.out, limit=self.limit):
            try:
                self.socket.send_multipart(message, self.zmq.DONTWAIT)
            except self.zmq.Again:
                break  # Nobody takes it; silence will replace the connection.
            self.said = time.monotonic()
        self.out = []

    def beat(self):
        self.say("HEARTBEAT")

    def take(self, frames):
        self.heard = time.monotonic()
        try:
            for record in decode(frames):
                self.on_any(record)
        except Malformed as problem:
            print(f"malformed: {problem}", file=sys.stderr)

    def on_any(self, record):
        if record["type"] == "WELCOME":
            self.heartbeat, self.limit = record["heartbeatMillis"] / 1000, record["messageBytesMax"]
            before, self.queue, self.welcomed = self.queue, record["peer"], True
            self.on_welcome(before not in (None, self.queue))
        elif record["type"] != "GOODBYE":
            self.on_record(record)
        elif record["status"] != "UNKNOWN_PEER":
            time.sleep(0.1)
            self.connect()
        elif time.monotonic() - self.greeted >= self.heartbeat:
            self.introduce()  # At most once per heartbeat: each message that crossed a greeting brings a GOODBYE.

    def close(self):
        self.say("GOODBYE", status="OK")
        self.flush()
        self.socket.close(linger=1000)
        self.context.term()


class Worker(Peer):
    """Holds up to ``credit`` deliveries. ``handler(body)`` returns (delay in seconds, status, body)."""

    def __init__(self, endpoint, handler, credit=1, service="", log=lambda line: None):
        self.handler, self.credit, self.service, self.log = handler, credit, service, log
        self.held, self.due, self.order, self.draining = {}, [], itertools.count(), None
        super().__init__(endpoint)

    def greet(self):
        self.say("READY", peer=self.peer_id, credit=self.credit, messageBytesMax=MESSAGE_BYTES_MAX,
                 service=self.service, held=list(self.held))

    def on_welcome(self, is_other_queue):
        if is_other_queue:
            self.held.clear()  # Deliveries of an earlier queue are in vain.
        if self.draining is not None:
            self.drain()
        self.log(f"welcome {self.queue}")

    def on_record(self, record):
        if record["type"] == "REQUEST":
            delay, status, body = self.handler(record["body"])
            key = next(self.order)
            self.held[record["id"]] = key
            heapq.heappush(self.due, (time.monotonic() + delay, key, record["id"], status, body))
            self.log(f"began {record['id']} attempt {record['attempt']}")
        elif record["type"] == "DRAIN":
            self.draining = 0  # Nothing is on its way any more.
        elif record["type"] == "CANCEL" and self.held.pop(record["id"], None) is not None:
            self.say("REPLY", id=record["id"], status="EXPIRED", attempts=0, retryAfterMillis=0, body=[b""])

    def drain(self):
        """Takes no more; ``serve`` returns when the queue knows that and what is held has been replied to."""
        self.draining = time.monotonic() + self.heartbeat
        self.say("DRAIN")

    def serve(self, running=lambda: True):
        while running() and not (self.draining is not None and self.draining <= time.monotonic() and not self.held):
            # A reply waits for WELCOME: it says whether the delivery is one of this queue.
            while self.welcomed and self.due and self.due[0][0] <= time.monotonic():
                _, key, delivery, status, body = heapq.heappop(self.due)
                if self.held.get(delivery) == key:
                    del self.held[delivery]
                    self.say("REPLY", id=delivery, status=status, attempts=0, retryAfterMillis=0, body=body)
            self.turn(self.due[0][0] - time.monotonic() if self.welcomed and self.due else 0.1)


class Client(Peer):
    """Keeps every request until it is answered, sends it again when it must, and reports each end once."""

    def __init__(self, endpoint, on_end, attempt_timeout=5.0):
        self.on_end, self.attempt_timeout = on_end, attempt_timeout
        self.open, self.again, self.next_id, self.acknowledged, self.late = {}, [], 1, 1, 0
        super().__init__(endpoint)

    def greet(self):
        self.say("HELLO", peer=self.peer_id, messageBytesMax=MESSAGE_BYTES_MAX)
        for number, call in list(self.open.items()):
            if not call["record"]["once"]:
                self.send(number)

    def on_welcome(self, is_other_queue):
        for number, call in list(self.open.items()):
            if call["record"]["once"] or is_other_queue:
                self.send(number)

    def request(self, body, service="", once=False, ttl=None, headers=None):
        """Sends a request; ``ttl`` in seconds. Returns its id."""
        number, self.next_id = self.next_id, self.next_id + 1
        record = dict(id=number, attempt=0, once=once, service=service, headers=headers or {}, body=body)
        self.open[number] = {"record": record, "queue": None,
                             "ends": None if ttl is None else time.monotonic() + ttl}
        if self.welcomed or not once:  # One that must not run twice waits to learn whom it is sent to.
            self.send(number)
        return number

    def send(self, number):
        call, record, now = self.open[number], self.open[number]["record"], time.monotonic()
        if record["once"] and call["queue"] not in (None, self.queue):
            return self.end(number, "MAY_HAVE_RUN", [b""])
        left = -1 if call["ends"] is None else max(0, int((call["ends"] - now) * 1e6))
        record["attempt"] += 1
        call["queue"] = self.queue
        heapq.heappush(self.again, (now + self.attempt_timeout, number, record["attempt"]))
        return self.say("REQUEST", ttlMicros=left, **record)

    def beat(self):
        self.say("ACKNOWLEDGE", id=min(self.open, default=self.next_id))
        super().beat()

    def on_record(self, record):
        if record["type"] != "REPLY":
            return
        call = self.open.get(record["id"])
        if call is None:
            self.late += 1
        elif record["status"] in RETRIED:
            due = time.monotonic() + max(0.01, record["retryAfterMillis"] / 1000)
            heapq.heappush(self.again, (due, record["id"], call["record"]["attempt"]))
        else:
            self.end(record["id"], record["status"], record["body"])

    def end(self, number, status, body):
        del self.open[number]
        self.on_end(number, status, body)

    def turn(self, wait=0.1):
        while self.welcomed and self.again and self.again[0][0] <= time.monotonic():
            _, number, attempt = heapq.heappop(self.again)
            if number in self.open and self.open[number]["record"]["attempt"] == attempt:
                self.send(number)
        first_open = min(self.open, default=self.next_id)
        if self.welcomed and self.out and first_open > self.acknowledged:
            self.acknowledged = first_open
            self.out.insert(0, {"type": "ACKNOWLEDGE", "id": first_open})
        super().turn(wait)


def handler_of(text, prefix):
    kind, _, millis = text.partition(":")
    status = "HANDLER_FAILED" if kind == "fail" else "OK"
    delay = int(millis) / 1000 if kind == "sleep" else 0
    return lambda body: (delay, status, body[:-1] + [prefix.encode() + body[-1]])


def run_worker(args):
    log = lambda line: print(line, flush=True)
    worker = Worker(args.queue, handler_of(args.handler, args.prefix), args.credit, args.service, log)
    signal.signal(signal.SIGTERM, lambda *_: worker.drain())
    # Whoever started this holds the other end of its input, and takes it along when it dies.
    is_parent_gone = lambda: args.while_stdin and select.select([sys.stdin], [], [], 0)[0] and not sys.stdin.read(1)
    worker.serve(lambda: not is_parent_gone())
    worker.close()
    return 0


def run_client(args):
    statuses, wrong, unsent = collections.Counter(), [], iter(range(1, args.count + 1))

    def on_end(number, status, body):
        statuses[status] += 1
        if status == "OK" and not body[-1].endswith(f"job-{number}".encode()):
            wrong.append(number)

    client = Client(args.endpoint, on_end, args.attempt_timeout)
    ttl = None if args.ttl is None else args.ttl / 1000
    deadline = time.monotonic() + args.timeout / 1000
    while sum(statuses.values()) < args.count and time.monotonic() < deadline:
        for number in itertools.islice(unsent, args.in_flight - len(client.open)):
            client.request([f"job-{number}".encode()], args.service, args.once, ttl)
        client.turn()
    client.close()
    print(json.dumps({"statuses": statuses, "wrong": len(wrong), "open": len(client.open), "late": client.late}))
    return 0 if statuses["OK"] == args.count and not wrong else 1


def run_vectors(args):
    with open(args.file, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    problems = [(vector["name"], check_vector(vector)) for vector in vectors]
    for name, problem in problems:
        if problem is not None:
            print(f"{name}: {problem}")
    failed = sum(problem is not None for _, problem in problems)
    print(f"{len(vectors)} vectors, {failed} failed")
    return 1 if failed or not vectors else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    worker = commands.add_parser("worker", help="serve a queue until SIGTERM")
    worker.add_argument("--queue", required=True, help="the queue's endpoint for workers")
    worker.add_argument("--credit", type=int, default=1)
    worker.add_argument("--handler", default="echo", help="echo, fail, or sleep:MILLIS before the echo")
    worker.add_argument("--prefix", default="", help="what to put before the last part of a body")
    worker.add_argument("--service", default="")
    worker.add_argument("--while-stdin", action="store_true", help="end when the input ends")
    worker.set_defaults(run=run_worker)
    client = commands.add_parser("client", help="ask, count how it ended, fail unless all ended well")
    client.add_argument("--endpoint", required=True, help="the queue's endpoint for clients")
    client.add_argument("--count", type=int, required=True)
    client.add_argument("--in-flight", type=int, default=16)
    client.add_argument("--service", default="")
    client.add_argument("--once", action="store_true")
    client.add_argument("--ttl", type=int, help="milliseconds")
    client.add_argument("--attempt-timeout", type=float, default=5.0, help="seconds")
    client.add_argument("--timeout", type=int, default=30_000, help="milliseconds for all")
    client.set_defaults(run=run_client)
    vectors = commands.add_parser("vectors", help="check the golden vectors")
    vectors.add_argument("file")
    vectors.set_defaults(run=run_vectors)
    args = parser.parse_args()
    sys.exit(args.run(args))


if __name__ == "__main__":
    main()
