package io.privateer.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.Witness;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerHandler;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the child processes of a benchmark do. Each ends when its standard input ends. */
@Command(
        name = "role",
        hidden = true,
        description = "One process of a benchmark.",
        subcommands = {
            ReqClients.class,
            LazyClients.class,
            IdleClients.class,
            PeerClient.class,
            OpenLoop.class,
            PacedWorker.class,
            BoundedQueue.class,
            ClusterBroker.class,
            ClusterWorkers.class,
            JobClients.class
        })
final class Roles {

    /** Followed by the endpoints of a broker, or by nothing that matters. */
    static final String READY = "READY";

    /** Followed by what a load generator measured, as JSON. */
    static final String RESULT = "RESULT";

    /** Followed by the request's text and the time in nanoseconds. */
    static final String BEGIN = "BEGIN";

    /** Followed by the request's text. */
    static final String END = "END";

    /** Followed by the reason why a load generator has no result. */
    static final String FAILED = "FAILED";

    static final String ANY_PORT = "tcp://127.0.0.1:*";

    /** Fresh JeroMQ connections now and then stall until this timer fires; its default is 30 s. */
    static final int HANDSHAKE_MILLIS_MAX = 1_000;

    static void say(String word, String rest) {
        System.out.println(word + " " + rest);
        System.out.flush();
    }

    static void sayResult(Object result) {
        try {
            say(RESULT, new ObjectMapper().writeValueAsString(result));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Command(description = "a PirateQueue with its defaults")
    void queue(@Mixin Tuning tuning) throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (PirateQueue queue = PrivateerPeer.queue(tuning)) {
            say(READY, queue.frontend() + " " + queue.backend());
            lifeline.holdForever();
        }
    }

    @Command(description = "JeroMQ's own proxy")
    void proxy() {
        Lifeline.hold();
        try (ZContext context = new ZContext();
                ZMQ.Socket frontend = context.createSocket(SocketType.ROUTER);
                ZMQ.Socket backend = context.createSocket(SocketType.DEALER)) {
            frontend.setHWM(RawPeer.HIGH_WATER_MARK);
            backend.setHWM(RawPeer.HIGH_WATER_MARK);
            frontend.bind(ANY_PORT);
            backend.bind(ANY_PORT);
            say(READY, frontend.getLastEndpoint() + " " + backend.getLastEndpoint());
            ZMQ.proxy(frontend, backend, null);
        }
    }

    @Command(name = "rep-worker", description = "a REP socket that echoes")
    void repWorker(@Option(names = "--backend") String backend) {
        Lifeline.hold();
        try (ZContext context = new ZContext();
                ZMQ.Socket socket = context.createSocket(SocketType.REP)) {
            socket.setHandshakeIvl(HANDSHAKE_MILLIS_MAX);
            socket.connect(backend);
            say(READY, "");
            while (true) {
                socket.send(socket.recv());
            }
        }
    }

    @Command(name = "guide-worker", description = "a DEALER that echoes and beats when nothing comes")
    void guideWorker(@Option(names = "--backend") String backend) {
        Lifeline.hold();
        try (ZContext context = new ZContext();
                ZMQ.Socket socket = context.createSocket(SocketType.DEALER)) {
            socket.setReceiveTimeOut(1_000);
            socket.setHandshakeIvl(HANDSHAKE_MILLIS_MAX);
            socket.connect(backend);
            socket.send(new byte[] {1});
            say(READY, "");
            while (true) {
                byte[] frame = socket.recv();
                if (frame == null) {
                    socket.send(new byte[] {2});
                } else if (socket.hasReceiveMore()) {
                    echo(socket, frame);
                }
            }
        }
    }

    /** Sends back the message that begins with {@code first}, which has been received already. */
    static void echo(ZMQ.Socket socket, byte[] first) {
        byte[] frame = first;
        while (socket.hasReceiveMore()) {
            socket.sendMore(frame);
            frame = socket.recv();
        }
        socket.send(frame);
    }

    @Command(name = "raw-worker", description = "a DEALER that echoes")
    void rawWorker(@Option(names = "--backend") String backend) {
        Lifeline.hold();
        RawPeer.work(backend);
    }

    @Command(name = "nats-worker", description = "a subscriber of NATS that echoes")
    void natsWorker(@Option(names = "--backend") String backend) throws InterruptedException {
        NatsPeer.work(backend, Lifeline.hold());
    }

    @Command(name = "pirate-worker", description = "a PirateWorker")
    void pirateWorker(
            @Option(names = "--backend") String backend,
            @Option(names = "--work-millis", defaultValue = "0") long workMillis,
            @Mixin Tuning tuning)
            throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        WorkerHandler handler = workMillis == 0
                ? WorkerHandler.of(Request::message)
                : WorkerHandler.of(request -> work(request, workMillis));
        try (PirateWorker worker = PrivateerPeer.worker(handler, backend, tuning)) {
            say(READY, worker.stats().toString());
            lifeline.holdForever();
        }
    }

    private static Message work(Request request, long workMillis) throws InterruptedException {
        say(BEGIN, request.text() + " " + System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(workMillis);
        say(END, request.text());
        return request.message();
    }

    @Command(name = "idle-workers", description = "many PirateWorkers on one loop")
    void idleWorkers(@Option(names = "--backend") String backend, @Option(names = "--count") int count)
            throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (EventLoop loop = EventLoop.open("workers")) {
            for (int i = 0; i < count; i++) {
                PirateWorker.builder(WorkerHandler.of(Request::message))
                        .name("worker-" + i)
                        .queue(backend)
                        .loop(loop)
                        .executor(executor)
                        .start();
            }
            say(READY, Integer.toString(count));
            lifeline.holdForever();
        }
    }

    @Command(description = "one queue of a pair")
    void star(
            @Option(names = "--role") String role,
            @Option(names = "--state") String state,
            @Option(names = "--peer-state") String peerState,
            @Option(names = "--frontend") String frontend,
            @Option(names = "--backend") String backend,
            @Option(names = "--epoch-file") Path epochFile,
            @Option(names = "--heartbeat-millis") long heartbeatMillis,
            @Option(names = "--witness") String witness,
            @Option(names = "--replication", arity = "1") boolean replication)
            throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        PirateQueue queue = PirateQueue.paranoid()
                .standby()
                .frontend(frontend)
                .backend(backend)
                .start();
        BinaryStarConfig.Builder builder =
                role.equals("primary") ? BinaryStarServer.primary() : BinaryStarServer.backup();
        builder.state(state).peerState(peerState).epochFile(epochFile).heartbeat(Duration.ofMillis(heartbeatMillis));
        builder.replication(replication);
        if (!witness.isEmpty()) {
            builder.witness(witness);
        }
        try (BinaryStarServer server = builder.guard(queue)) {
            say(READY, String.join(" ", server.state()));
            lifeline.holdForever();
        }
    }

    @Command(name = "star-witness", description = "a witness")
    void starWitness(@Option(names = "--endpoint") String endpoint) throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (Witness witness = Witness.start(endpoint)) {
            say(READY, witness.endpoint());
            lifeline.holdForever();
        }
    }
}
