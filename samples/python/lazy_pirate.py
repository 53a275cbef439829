#!/usr/bin/env python3
"""The server of lazy-pirate, or its successor until its input ends: lazy_pirate.py ENDPOINT crash|dawdle"""

import os
import select
import sys
import time

import zmq

endpoint, fate = sys.argv[1:]
server = zmq.Context().socket(zmq.REP)
server.rcvtimeo = server.linger = 10_000
server.bind(endpoint)
request = server.recv_string()
while request != ("request 2" if fate == "crash" else "request 3"):
    server.send_string("reply to " + request)
    request = server.recv_string()
if fate == "crash":
    print("crashes with", request)
    os._exit(0)  # Without a word to anybody.
print("takes its time over", request)
time.sleep(0.6)
server.send_string("late reply to " + request)
while not select.select([sys.stdin], [], [], 0)[0]:
    if server.poll(50):
        server.send_string("reply to " + server.recv_string())
