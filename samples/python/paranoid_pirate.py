#!/usr/bin/env python3
"""A worker of paranoid-pirate, frozen until its input ends: paranoid_pirate.py ENDPOINT"""

import sys

import zmq

READY, HEARTBEAT = b"\x01", b"\x02"
worker = zmq.Context().socket(zmq.DEALER)
worker.linger = 0
worker.connect(sys.argv[1])
worker.send(READY)
for _ in range(100):
    if worker.poll(200):
        *envelope, body = worker.recv_multipart()
        if envelope:
            worker.send_multipart([*envelope, b"worker-1 did " + body])
            break
    worker.send(HEARTBEAT)
print("freezes")
sys.stdin.read()
