#!/usr/bin/env python3
"""The right end of dealer-dealer: dealer_dealer.py ENDPOINT"""

import sys

import zmq

right = zmq.Context().socket(zmq.DEALER)
right.rcvtimeo = right.linger = 10_000
right.connect(sys.argv[1])
right.send_string("a word that nobody asked for")
tasks = [right.recv_string() for _ in range(3)]
print("answers the last first")
for task in reversed(tasks):
    right.send_string(f"result of {task}")
