#!/usr/bin/env python3
"""A client of async-broker: async_broker.py ENDPOINT NAME"""

import sys

import zmq

endpoint, name = sys.argv[1:]
client = zmq.Context().socket(zmq.DEALER)
client.rcvtimeo = client.linger = 10_000
client.connect(endpoint)
for i in range(1, 4):
    # The empty frame is what REQ would write, had it not to wait for the reply.
    client.send_multipart([b"", f"request {i} of {name}".encode()])
for _ in range(3):
    print("received:", client.recv_multipart()[-1].decode())
