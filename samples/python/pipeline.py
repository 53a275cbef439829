#!/usr/bin/env python3
"""A worker of pipeline: pipeline.py TASKS_ENDPOINT RESULTS_ENDPOINT CONTROL_ENDPOINT NAME"""

import sys

import zmq


def connected(kind, endpoint):
    socket = zmq.Context.instance().socket(kind)
    socket.linger = 10_000
    socket.connect(endpoint)
    return socket


tasks_at, results_at, control_at, name = sys.argv[1:]
tasks = connected(zmq.PULL, tasks_at)
results = connected(zmq.PUSH, results_at)
control = connected(zmq.SUB, control_at)
control.subscribe(name)
poller = zmq.Poller()
poller.register(tasks, zmq.POLLIN)
poller.register(control, zmq.POLLIN)
done = 0
while True:
    ready = dict(poller.poll(10_000))
    if not ready:
        sys.exit("nothing to do, and nobody says stop")
    if control in ready:
        break
    results.send_string(str(int(tasks.recv_string()) ** 2))
    done += 1
print("has done", done, "tasks and stops, as it is told")
