#!/usr/bin/env python3
"""A subscriber of weather: weather.py DATA_ENDPOINT SYNC_ENDPOINT CITY

It says hello where the publisher takes subscribers until something has reached it where the data come, and confirms that.
"""

import os
import struct
import sys

import zmq

HELLO, CONFIRM, LEAVE = b"PS\x01\x11", b"PS\x01\x12", b"PS\x01\x16"
MESSAGES, POSITIONS = b"PS\x01\x01", b"PS\x01\x02"
REPORTS = 3


def connected(kind, endpoint):
    socket = zmq.Context.instance().socket(kind)
    socket.rcvtimeo = 20_000
    socket.linger = 2_000
    socket.connect(endpoint)
    return socket


def receive():
    """Returns kind, the publisher's life, number and content of what comes; before them stands the topic, with a 0 behind it."""
    fields = data.recv().partition(b"\0")[2]
    life, _stamp, number = struct.unpack_from(">8sqQ", fields, 4)
    return fields[:4], life, number, fields[28:]


data_at, sync_at, city = sys.argv[1:]
data = connected(zmq.SUB, data_at)
data.subscribe(city)
sync = connected(zmq.DEALER, sync_at)
name = bytes([len(city)]) + city.encode()
hello = HELLO + os.urandom(16) + name + struct.pack(">H", 1) + name
sync.send(hello)
for attempt in range(100):
    if data.poll(100):
        break
    sync.send(hello)
confirmed = False
reports = 0
while reports < REPORTS:
    kind, life, number, content = receive()
    if kind == POSITIONS and not confirmed:
        sync.send(CONFIRM + life)
        confirmed = True
    while kind == MESSAGES and content:
        length = 4 + struct.unpack_from(">I", content)[0]
        print(f"report {number}:", content[4:length].decode())
        content, number, reports = content[length:], number + 1, reports + 1
sync.send(LEAVE)
