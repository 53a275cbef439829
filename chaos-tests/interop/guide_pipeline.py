#!/usr/bin/env python3
"""The pipeline as the Guide describes it (chapter 2, with the control of the second worker and sink), with pyzmq, one role a process.

  guide_pipeline.py ventilator --tasks-at ENDPOINT --results-at ENDPOINT [--count N] [--while-stdin]
  guide_pipeline.py worker --tasks-at ENDPOINT --results-at ENDPOINT --control-at ENDPOINT [--while-stdin]
  guide_pipeline.py sink --results-at ENDPOINT --control-at ENDPOINT [--count N] [--while-stdin]

A task is a number of milliseconds as text, its result is empty, "0" at the sink begins a batch, and KILL on the control ends workers.
The ventilator ends when all is given, a worker when it is told to. Unlike the Guide's, which says KILL once, the sink says it
again and again until it is ended: a PUB does not know who listens yet.
"""

import argparse
import select
import sys
import time

import zmq

START, KILL = b"0", b"KILL"
LONGEST_MILLIS = 5
LINGER_MILLIS = 10_000


def is_over(args):
    """Whoever started this holds the other end of its input, and takes it along when it dies."""
    return args.while_stdin and bool(select.select([sys.stdin], [], [], 0)[0]) and not sys.stdin.read(1)


def await_room(args, socket):
    """Waits until the socket takes a message, which a PUSH does once somebody is connected."""
    while not socket.poll(100, zmq.POLLOUT):
        if is_over(args):
            sys.exit(1)


def run_ventilator(context, args):
    tasks = context.socket(zmq.PUSH)
    tasks.bind(args.tasks_at)
    # Nobody presses Enter here when all are there: so the first word waits for the sink, and the tasks for a worker.
    sink = context.socket(zmq.PUSH)
    sink.setsockopt(zmq.IMMEDIATE, 1)
    sink.connect(args.results_at)
    await_room(args, sink)
    sink.send(START)
    for number in range(args.count):
        await_room(args, tasks)
        tasks.send(str(1 + number % LONGEST_MILLIS).encode())
    print("gave", args.count, flush=True)


def run_worker(context, args):
    tasks = context.socket(zmq.PULL)
    tasks.connect(args.tasks_at)
    results = context.socket(zmq.PUSH)
    results.connect(args.results_at)
    control = context.socket(zmq.SUB)
    control.setsockopt(zmq.SUBSCRIBE, b"")
    control.connect(args.control_at)
    poller = zmq.Poller()
    poller.register(tasks, zmq.POLLIN)
    poller.register(control, zmq.POLLIN)
    did = 0
    while not is_over(args):
        ready = dict(poller.poll(100))
        if tasks in ready:
            time.sleep(int(tasks.recv()) / 1000)
            results.send(b"")
            did += 1
        if control in ready:
            print(f"did={did} heard={control.recv().decode()}", flush=True)
            return
    sys.exit(1)


def run_sink(context, args):
    socket = context.socket(zmq.PULL)
    socket.bind(args.results_at)
    control = context.socket(zmq.PUB)
    control.bind(args.control_at)
    began, results, wrong = False, 0, 0
    while results < args.count:
        if is_over(args):
            sys.exit(1)
        if not socket.poll(100):
            continue
        message = socket.recv()
        if message == START and not began:
            began = True
            print("began", flush=True)
        results += message == b""
        wrong += message not in (START, b"")
    print(f"results={results} wrong={wrong}", flush=True)
    while not is_over(args):
        control.send(KILL)
        time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    roles = {"ventilator": run_ventilator, "worker": run_worker, "sink": run_sink}
    parser.add_argument("role", choices=roles)
    parser.add_argument("--tasks-at")
    parser.add_argument("--results-at", required=True)
    parser.add_argument("--control-at")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--while-stdin", action="store_true", help="end when the input ends")
    args = parser.parse_args()
    context = zmq.Context()
    try:
        roles[args.role](context, args)
    finally:
        context.destroy(linger=LINGER_MILLIS)


if __name__ == "__main__":
    main()
