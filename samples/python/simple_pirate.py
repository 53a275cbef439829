#!/usr/bin/env python3
"""A worker of simple-pirate: simple_pirate.py ENDPOINT"""

import os
import sys

import zmq

worker = zmq.Context().socket(zmq.REQ)
worker.rcvtimeo = worker.linger = 10_000
worker.connect(sys.argv[1])
worker.send(b"\x01")  # Ready.
delivery, empty, request = worker.recv_multipart()
print("dies with", request.decode(), "in its hands")
os._exit(0)  # Without a word to anybody.
