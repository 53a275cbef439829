#!/usr/bin/env python3
"""Bob of router-router: router_router.py ENDPOINT"""

import sys

import zmq

bob = zmq.Context().socket(zmq.ROUTER)
bob.identity = b"Bob"
bob.probe_router = bob.router_mandatory = 1
bob.rcvtimeo = bob.linger = 10_000
bob.connect(sys.argv[1])
other, _ = bob.recv_multipart()
print(other.decode(), "is there")
bob.send_multipart([other, b"Hello " + other])
other, words = bob.recv_multipart()
print(other.decode(), "says:", words.decode())
