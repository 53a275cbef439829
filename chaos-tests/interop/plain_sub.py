#!/usr/bin/env python3
"""A plain SUB, with pyzmq, that reads what a SyncedPublisher publishes, as docs/protocol.md, section 21, says.

  plain_sub.py --endpoint ENDPOINT --prefix TEXT [--while-stdin]

Payloads are expected to be topic/number, the numbers of each topic from 1. Ends with what is published on a topic that ends with "end",
and tells how many messages came on each other topic, and how many frames and wrong messages there were.
"""

import argparse
import json
import select
import struct
import sys

import zmq

KIND_AT, NUMBER_AT, CONTENT_AT = 4, 21, 29
MESSAGES = 1


def read(frame):
    """Returns the topic, the number of the first message and the payloads of a frame; no payloads if it is of another kind."""
    end = frame.index(0)
    topic, rest = frame[:end].decode(), frame[end:]
    if rest[1:4] != b"PS\x01" or rest[KIND_AT] != MESSAGES:
        return topic, 0, []
    first, at, payloads = struct.unpack_from(">Q", rest, NUMBER_AT)[0], CONTENT_AT, []
    while at < len(rest):
        length = struct.unpack_from(">I", rest, at)[0]
        payloads.append(rest[at + 4:at + 4 + length].decode())
        at += 4 + length
    return topic, first, payloads


def is_over(args):
    """Whoever started this holds the other end of its input, and takes it along when it dies."""
    return args.while_stdin and bool(select.select([sys.stdin], [], [], 0)[0]) and not sys.stdin.read(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--while-stdin", action="store_true", help="end when the input ends")
    args = parser.parse_args()
    socket = zmq.Context().socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, 0)
    socket.setsockopt(zmq.SUBSCRIBE, args.prefix.encode())
    socket.connect(args.endpoint)
    counts, frames, wrong, began = {}, 0, 0, False
    while not is_over(args):
        if not socket.poll(100):
            continue
        topic, first, payloads = read(socket.recv())
        if payloads and not began:
            began = True
            print("began", flush=True)
        frames += 1 if payloads else 0
        for number, payload in enumerate(payloads, first):
            counts[topic] = counts.get(topic, 0) + 1
            wrong += payload != f"{topic}/{number}"
        if payloads and topic.endswith("end"):
            print(json.dumps({"counts": counts, "frames": frames, "wrong": wrong}), flush=True)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
