#!/usr/bin/env python3
"""The client of envelopes: envelopes.py REP_ENDPOINT ROUTER_ENDPOINT TAP_ENDPOINT"""

import sys

import zmq


def show(frames):
    return "".join(f"[{frame.decode()}]" for frame in frames)


def exchange(name, kind, endpoint, *frames):
    client = zmq.Context.instance().socket(getattr(zmq, kind))
    client.identity = name
    client.rcvtimeo = client.linger = 10_000
    client.connect(endpoint)
    print(kind, "sends", show(frames))
    client.send_multipart(frames)
    print(kind, "receives", show(client.recv_multipart()))
    client.close()


rep, router, tap = sys.argv[1:]
exchange(b"Ann", "REQ", tap, b"Hello")
exchange(b"Bob", "REQ", router, b"Hello")
exchange(b"Cyd", "DEALER", rep, b"", b"Hello")
exchange(b"Dan", "DEALER", rep, b"from", b"afar", b"", b"Hello")  # As a proxy of proxies would.
