#!/usr/bin/env python3
"""Workers as the Guide describes them, with pyzmq: a Simple Pirate (REQ), or a Paranoid Pirate (DEALER) with --paranoid.

  plain_worker.py --queue ENDPOINT [--paranoid] [--sleep MS] [--prefix TEXT] [--while-stdin]
"""

import argparse
import select
import sys
import time

import zmq

READY, HEARTBEAT = b"\x01", b"\x02"
LIVENESS, INTERVAL = 3, 1.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue", required=True)
    parser.add_argument("--paranoid", action="store_true")
    parser.add_argument("--sleep", type=int, default=0, help="milliseconds of work")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--while-stdin", action="store_true", help="end when the input ends")
    args = parser.parse_args()
    (serve_paranoid if args.paranoid else serve_simple)(zmq.Context(), args)


def is_over(args):
    """Whoever started this holds the other end of its input, and takes it along when it dies."""
    return args.while_stdin and bool(select.select([sys.stdin], [], [], 0)[0]) and not sys.stdin.read(1)


def reply_to(args, frames):
    print("began", flush=True)
    ends = time.monotonic() + args.sleep / 1000
    while time.monotonic() < ends and not is_over(args):
        time.sleep(min(0.05, max(0, ends - time.monotonic())))
    return frames[:-1] + [args.prefix.encode() + frames[-1]]


def serve_simple(context, args):
    socket = context.socket(zmq.REQ)
    socket.connect(args.queue)
    socket.send(READY)
    while not is_over(args):
        if socket.poll(100):
            socket.send_multipart(reply_to(args, socket.recv_multipart()))


def serve_paranoid(context, args):
    while not is_over(args):
        socket = context.socket(zmq.DEALER)
        socket.connect(args.queue)
        socket.send(READY)
        heard = beaten = time.monotonic()
        while not is_over(args) and time.monotonic() - heard < LIVENESS * INTERVAL:
            if socket.poll(100):
                frames = socket.recv_multipart()
                if len(frames) >= 3:
                    socket.send_multipart(reply_to(args, frames))
                heard = time.monotonic()
            if time.monotonic() - beaten >= INTERVAL:
                beaten = time.monotonic()
                socket.send(HEARTBEAT)
        socket.close(linger=0)


if __name__ == "__main__":
    main()
