#!/usr/bin/env python3
"""A server of a pair as the Guide describes it (chapter 4, Binary Star), with pyzmq. Written from the table of its states.

  guide_star.py --role primary|backup --frontend ENDPOINT --state ENDPOINT --peer-state ENDPOINT
                [--beat SECONDS] [--while-stdin]

It answers what clients say with "guide:" before it, or not at all. It prints every state it comes to. Like the
Guide's it ends, with exit code 0, when it finds two servers active or two passive.
"""

import argparse
import select
import sys
import time

import zmq

PRIMARY, BACKUP, ACTIVE, PASSIVE, CLIENT = 1, 2, 3, 4, 5
NAMES = {PRIMARY: "primary", BACKUP: "backup", ACTIVE: "active", PASSIVE: "passive"}

# (state, event) -> the next state; what is not here changes nothing.
NEXT = {
    (PRIMARY, BACKUP): ACTIVE,
    (PRIMARY, ACTIVE): PASSIVE,
    (BACKUP, ACTIVE): PASSIVE,
    (PASSIVE, PRIMARY): ACTIVE,
    (PASSIVE, BACKUP): ACTIVE,
}
FATAL = {(ACTIVE, ACTIVE): "dual actives", (PASSIVE, PASSIVE): "dual passives"}


class Star:
    def __init__(self, state, beat):
        self.state = state
        self.beat = beat
        self.hear()

    def hear(self):
        """The peer counts as gone after two beats of silence."""
        self.expires = time.monotonic() + 2 * self.beat

    def peer(self, event):
        if (self.state, event) in FATAL:
            print("fatal", FATAL[self.state, event], flush=True)
            sys.exit(0)
        self.go(NEXT.get((self.state, event), self.state))

    def accepts(self):
        """A client asks: the vote of a primary or passive server whose peer is gone."""
        if self.state in (PRIMARY, PASSIVE) and time.monotonic() >= self.expires:
            self.go(ACTIVE)
        return self.state == ACTIVE

    def go(self, state):
        if state != self.state:
            self.state = state
            print("became", NAMES[state], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", choices=("primary", "backup"), required=True)
    parser.add_argument("--frontend", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--peer-state", required=True)
    parser.add_argument("--beat", type=float, default=1.0)
    parser.add_argument("--while-stdin", action="store_true", help="end when the input ends")
    args = parser.parse_args()
    context = zmq.Context()
    context.linger = 0  # As the Guide's programs have it: who ends does not wait for those that do not read.
    publisher = context.socket(zmq.PUB)
    publisher.bind(args.state)
    subscriber = context.socket(zmq.SUB)
    subscriber.setsockopt(zmq.SUBSCRIBE, b"")
    subscriber.connect(args.peer_state)
    frontend = context.socket(zmq.ROUTER)
    frontend.bind(args.frontend)
    star = Star(PRIMARY if args.role == "primary" else BACKUP, args.beat)
    print("began", NAMES[star.state], flush=True)
    poller = zmq.Poller()
    poller.register(subscriber, zmq.POLLIN)
    poller.register(frontend, zmq.POLLIN)
    says = time.monotonic()
    while not (args.while_stdin and select.select([sys.stdin], [], [], 0)[0] and not sys.stdin.read(1)):
        ready = dict(poller.poll(max(0, min(100, (says - time.monotonic()) * 1000))))
        if frontend in ready:
            frames = frontend.recv_multipart()
            if star.accepts():
                frontend.send_multipart(frames[:-1] + [b"guide:" + frames[-1]])
        if subscriber in ready:
            event = int(subscriber.recv())
            star.hear()
            star.peer(event)
        if time.monotonic() >= says:
            publisher.send(str(star.state).encode())
            says = time.monotonic() + args.beat


if __name__ == "__main__":
    main()
