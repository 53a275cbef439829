#!/usr/bin/env python3
"""A worker of load-balanced, until its input ends: load_balanced.py ENDPOINT NAME"""

import select
import sys

import zmq

endpoint, name = sys.argv[1:]
worker = zmq.Context().socket(zmq.REQ)
worker.identity = name.encode()
worker.linger = 10_000
worker.connect(endpoint)
worker.send(b"READY")
while not select.select([sys.stdin], [], [], 0)[0]:
    if worker.poll(50):
        client, empty, request = worker.recv_multipart()
        print("has work of", client.decode())
        worker.send_multipart([client, empty, f"{name} did {request.decode()}".encode()])
