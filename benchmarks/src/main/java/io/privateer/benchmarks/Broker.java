package io.privateer.benchmarks;

/**
 * What stands between clients and workers, in a process of its own.
 *
 * @param process what ends it
 * @param pid of the process whose time and memory count
 * @param frontend where clients connect
 * @param backend where workers connect
 */
record Broker(Child process, long pid, String frontend, String backend) implements AutoCloseable {

    private static final int START_SECONDS_MAX = 30;

    /** Starts a role that says where it can be reached. */
    static Broker start(String role, String... options) throws InterruptedException {
        Child process = Child.start(role, options);
        String[] endpoints = process.await(Roles.READY, START_SECONDS_MAX).split(" ", -1);
        return new Broker(process, process.pid(), endpoints[0], endpoints[1]);
    }

    /** Starts our queue. */
    static Broker queue(String... options) throws InterruptedException {
        return start("queue", options);
    }

    ProcStat stat() {
        return ProcStat.of(pid);
    }

    @Override
    public void close() {
        process.close();
    }
}
