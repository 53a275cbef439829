#!/usr/bin/env python3
"""A subscriber of forwarder: forwarder.py ENDPOINT TOPIC"""

import sys

import zmq

endpoint, topic = sys.argv[1:]
subscriber = zmq.Context().socket(zmq.SUB)
subscriber.rcvtimeo = 10_000
subscriber.connect(endpoint)
subscriber.subscribe(topic)
while True:
    _, text = subscriber.recv_multipart()
    if text == b"end":
        break
    print("received", text.decode())
print("has heard the end")
