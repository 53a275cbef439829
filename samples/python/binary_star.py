#!/usr/bin/env python3
"""The client of binary-star: binary_star.py PRIMARY_ENDPOINT BACKUP_ENDPOINT"""

import itertools
import sys

import zmq

servers = itertools.cycle(sys.argv[1:])


def connect():
    client = zmq.Context.instance().socket(zmq.REQ)
    client.linger = 0
    client.connect(next(servers))
    return client


client = connect()
for i in range(1, 6):
    for attempt in range(40):
        client.send_string(f"request {i}")
        if client.poll(500):
            print("received", client.recv_string())
            break
        client.close()  # A REQ that has had no reply cannot ask again.
        client = connect()
    else:
        sys.exit("neither server answers")
