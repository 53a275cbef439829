#!/usr/bin/env python3
"""The client of request-reply: request_reply.py ENDPOINT"""

import sys

import zmq

client = zmq.Context().socket(zmq.REQ)
client.rcvtimeo = client.linger = 10_000
client.connect(sys.argv[1])
for i in range(1, 4):
    client.send_string(f"Hello {i}")
    print("received", client.recv_string())
