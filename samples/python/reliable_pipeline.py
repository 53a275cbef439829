#!/usr/bin/env python3
"""A worker of reliable-pipeline; docs/protocol.md, section 20: reliable_pipeline.py VENTILATOR_ENDPOINT SINK_ENDPOINT"""

import os
import select
import struct
import sys
from time import monotonic

import zmq

HELLO, WELCOME, HEARTBEAT, GOODBYE, BATCH, TASK, RESULT, FAILURE, ACCEPTED, *_, STOP, STOPPED = range(1, 17)
BEAT_SECONDS, LIVENESS, CONCURRENCY, CREDIT, CREDIT_BYTES = 1, 3, 1, 16, 1 << 20
ME = os.urandom(16) + struct.pack(">4IQ", BEAT_SECONDS * 1000, CONCURRENCY, CREDIT, 0, CREDIT_BYTES)


def record(kind, fields=b"", flags=0):
    return struct.pack(">BB2xI", kind, flags, 8 + len(fields)) + fields


class Link:
    def __init__(self, endpoint):
        self.endpoint, self.socket = endpoint, zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 1_000
        self.socket.connect(endpoint)
        self.incarnation, self.beat, self.told = 0, BEAT_SECONDS, False
        self.heard = self.beaten = monotonic()
        self.say(record(HELLO, ME, flags=1))

    def say(self, *records):
        self.socket.send(struct.pack(">3sB4xQ", b"PLN", 1, self.incarnation) + b"".join(records))

    def hear(self):
        """Yields kind, batch and fields of what has come; then beats if it is time, or connects anew if nobody is there."""
        if self.socket.poll(20):
            frame, at, batch = self.socket.recv(), 16, None
            self.heard, incarnation = monotonic(), int.from_bytes(frame[8:16], "big")
            while at < len(frame):
                kind, length = struct.unpack_from(">B3xI", frame, at)
                fields, at = frame[at + 8 : at + length], at + length
                if kind == WELCOME:
                    self.incarnation, self.beat = incarnation, max(BEAT_SECONDS, int.from_bytes(fields[:4], "big") / 1000)
                batch = fields if kind == BATCH else batch
                if incarnation == self.incarnation:
                    yield kind, batch, fields
        if monotonic() - self.heard > LIVENESS * self.beat:
            self.socket.close(linger=0)
            self.__init__(self.endpoint)
        elif self.incarnation and monotonic() - self.beaten > BEAT_SECONDS:
            self.beaten = monotonic()
            self.say(record(HEARTBEAT))


ventilator, sink = map(Link, sys.argv[1:])
kept = {}  # Results that the sink has not accepted, by batch and number.
stopping = dismissed = False
while (kept or not dismissed) and not select.select([sys.stdin], [], [], 0)[0]:
    for kind, batch, fields in ventilator.hear():
        stopping, dismissed = stopping or kind == STOP, dismissed or kind == GOODBYE
        if kind == TASK and (batch, fields[:4]) not in kept:
            try:
                kept[batch, fields[:4]] = record(BATCH, batch), record(RESULT, fields[:4] + b"%d" % int(fields[4:]) ** 2)
                if sink.incarnation:
                    sink.say(*kept[batch, fields[:4]])
            except ValueError as e:
                ventilator.say(record(BATCH, batch), record(FAILURE, fields[:4] + str(e).encode()))
    for kind, batch, fields in sink.hear():
        for result in kept.values() if kind == WELCOME else ():
            sink.say(*result)
        for first, count in struct.iter_unpack(">2I", fields) if kind == ACCEPTED else ():
            for number in range(first, first + count):
                kept.pop((batch, number.to_bytes(4, "big")), None)
    if kept or not stopping:
        emptied = monotonic()
    elif ventilator.incarnation and not ventilator.told:
        ventilator.told = True
        ventilator.say(record(STOPPED))
    dismissed = dismissed or monotonic() - emptied > 2 * LIVENESS * BEAT_SECONDS
print("has ended in order" if dismissed else "ends with its input")
