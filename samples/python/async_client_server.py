#!/usr/bin/env python3
"""A client of async-client-server: async_client_server.py ENDPOINT NAME"""

import sys

import zmq

endpoint, name = sys.argv[1:]
wanted = [0, 1, 3]
client = zmq.Context().socket(zmq.DEALER)
client.identity = name.encode()
client.rcvtimeo = client.linger = 10_000
client.connect(endpoint)
for replies in wanted:
    client.send_string(str(replies))
print("has asked for", wanted, "replies")
for _ in range(sum(wanted)):
    print("received", client.recv_string())
