#!/usr/bin/env python3
"""A worker of peering's north, until its input ends: peering.py ENDPOINT"""

import select
import sys

import zmq

worker = zmq.Context().socket(zmq.REQ)
worker.linger = 0
worker.connect(sys.argv[1])
worker.send(b"\x01")  # Ready.
done = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    if worker.poll(50):
        delivery, empty, request = worker.recv_multipart()
        worker.send_multipart([delivery, empty, request + b" was done in the north"])
        done += 1
print("has done", done)
