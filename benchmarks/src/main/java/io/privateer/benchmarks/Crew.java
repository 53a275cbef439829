package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Worker processes that tell when they begin and end a job, and one after the other are struck while they are at it. */
final class Crew implements AutoCloseable {

    private static final int REPORT_SECONDS_MAX = 20;

    /** One line of one worker: {@code life} is unique to the process, so a restarted worker is another one. */
    private record Sign(int life, String word, String request, long nanos) {}

    private final String backend;
    private final String workMillis;
    private final List<Child> slots = new ArrayList<>();
    private final List<Integer> lives = new ArrayList<>();
    private final BlockingQueue<Sign> signs = new LinkedBlockingQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private int lastLife;
    private int strikesTooLate;

    Crew(String backend, int size, long workMillis) {
        this.backend = backend;
        this.workMillis = Long.toString(workMillis);
        for (int slot = 0; slot < size; slot++) {
            slots.add(hire());
            lives.add(lastLife);
        }
    }

    private Child hire() {
        int life = ++lastLife;
        return Child.start(
                "pirate-worker", line -> note(life, line), "--backend", backend, "--work-millis", workMillis);
    }

    private void note(int life, String line) {
        String[] fields = line.split(" ", -1);
        if (fields[0].equals(Roles.BEGIN)) {
            begun.incrementAndGet();
            signs.add(new Sign(life, Roles.BEGIN, fields[1], Long.parseLong(fields[2])));
        } else if (fields[0].equals(Roles.END)) {
            signs.add(new Sign(life, Roles.END, fields[1], 0));
        }
    }

    /** Returns how many strikes hit a worker that had just finished: they cost nothing and are not counted. */
    int strikesTooLate() {
        return strikesTooLate;
    }

    /** Waits until that many jobs have begun. */
    void awaitBegun(int jobs) throws InterruptedException {
        while (begun.get() < jobs) {
            take();
            signs.clear();
        }
    }

    /**
     * Strikes the worker in {@code slot} just after it has begun a job.
     *
     * @return milliseconds until another worker began that job, or NaN if the victim had finished it already
     */
    double strike(int slot, boolean freeze) throws InterruptedException {
        int victim = lives.get(slot);
        signs.clear();
        Sign job = take();
        while (job.life() != victim || !job.word().equals(Roles.BEGIN)) {
            job = take();
        }
        Child child = slots.get(slot);
        long struckNanos = System.nanoTime();
        if (freeze) {
            child.signal("STOP");
        } else {
            child.kill();
        }
        double recoveryMillis = awaitElsewhere(job, struckNanos);
        if (freeze) {
            child.signal("CONT");
        } else {
            child.close();
            slots.set(slot, hire());
            lives.set(slot, lastLife);
        }
        return recoveryMillis;
    }

    private double awaitElsewhere(Sign job, long struckNanos) throws InterruptedException {
        while (true) {
            Sign sign = take();
            if (sign.request().equals(job.request())) {
                if (sign.word().equals(Roles.BEGIN)) {
                    return (sign.nanos() - struckNanos) / 1e6;
                }
                if (sign.life() == job.life()) {
                    strikesTooLate++;
                    return Double.NaN;
                }
            }
        }
    }

    private Sign take() throws InterruptedException {
        Sign sign = signs.poll(REPORT_SECONDS_MAX, TimeUnit.SECONDS);
        if (sign == null) {
            throw new IllegalStateException("no worker has said anything for " + REPORT_SECONDS_MAX + " s");
        }
        return sign;
    }

    @Override
    public void close() {
        slots.forEach(Child::close);
    }
}
