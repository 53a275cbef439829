package io.privateer.chaos.process;

import io.privateer.chaos.GuideWorkers;
import io.privateer.core.Message;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The main class of worker processes. Each execution is logged when it begins, and before it is replied to. */
final class WorkerProcess {

    /** What kind of worker it is. */
    enum Kind {
        /** Ours, by PPP, with one request at a time. */
        PRIVATEER,
        /** Ours, by PRV/1, with credit for several requests. */
        PRIVATEER_PRV,
        /** A Paranoid Pirate as in the Guide, on a DEALER socket. */
        PARANOID,
        /** A Simple Pirate as in the Guide, on a REQ socket. */
        SIMPLE
    }

    private WorkerProcess() {}

    /** Runs until it is killed, or, for one of ours, terminated. */
    public static void main(String[] arguments) throws IOException {
        ChildJvm.dieWithParent();
        Kind kind = Kind.valueOf(arguments[0]);
        String queue = arguments[1];
        FileChannel log = new ExecutionLog(Path.of(arguments[2])).open();
        long workNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[3]));
        Duration heartbeat = Duration.ofMillis(Long.parseLong(arguments[4]));
        GuideWorkers.Service service = request -> execute(log, request, workNanos);
        switch (kind) {
            case PRIVATEER ->
                PirateWorker.builder(WorkerHandler.of(request -> Message.of(service.reply(request.text()))))
                        .queue(queue)
                        .dialect(WorkerDialect.PPP)
                        .heartbeat(heartbeat)
                        .run();
            case PRIVATEER_PRV ->
                PirateWorker.builder(WorkerHandler.of(request -> Message.of(service.reply(request.text()))))
                        .queue(queue)
                        .dialect(WorkerDialect.PRV)
                        .credit(8)
                        .heartbeat(heartbeat)
                        .run();
            case PARANOID -> GuideWorkers.serveParanoid(queue, heartbeat, service, () -> true);
            case SIMPLE -> GuideWorkers.serveSimple(queue, service, () -> true);
        }
    }

    private static String execute(FileChannel log, String request, long workNanos) throws IOException {
        ExecutionLog.append(log, false, request);
        long endNanos = System.nanoTime() + workNanos;
        for (long leftNanos = workNanos; leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        ExecutionLog.append(log, true, request);
        return HistoryChecker.replyTo(request);
    }
}
