package io.privateer.binarystar;

import io.privateer.binarystar.AdminCodec.Answer;
import io.privateer.binarystar.AdminCodec.Command;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.Settings;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An operator's line to one server of a pair, whatever process that is in. Thread-safe; every command blocks until the
 * server answers, at most for the timeout.
 *
 * <p>Whoever reaches a server's state endpoint can do this. Keep that network to yourself.
 */
public final class BinaryStarAdmin implements AutoCloseable {

    private final EventLoop loop = EventLoop.open("star-admin");
    private final String state;
    private final Duration timeout;

    /**
     * What a server says to a command.
     *
     * @param outcome what became of the command; {@link OperatorAnswer#DONE} for a question
     * @param status how the server stands now, one {@code name=value} per line
     */
    public record Reply(OperatorAnswer outcome, String status) {}

    private BinaryStarAdmin(String state, Duration timeout) {
        this.state = state;
        this.timeout = timeout;
    }

    /**
     * Returns a line to the server whose state endpoint is {@code state}.
     *
     * @throws IllegalArgumentException if that is no endpoint, or {@code timeout} is below 1 ms
     */
    public static BinaryStarAdmin of(String state, Duration timeout) {
        return new BinaryStarAdmin(
                Settings.connectEndpoint("state", state), Settings.atLeast("timeout", timeout, Duration.ofMillis(1)));
    }

    /**
     * Asks how the server stands.
     *
     * @throws RequestTimeoutException if it does not answer in time
     */
    public Reply status() {
        return say(Command.STATUS);
    }

    /**
     * As {@link BinaryStarServer#promote()}.
     *
     * @throws RequestTimeoutException if the server does not answer in time; it may have obeyed
     */
    public Reply promote() {
        return say(Command.PROMOTE);
    }

    /**
     * As {@link BinaryStarServer#stepDown()}.
     *
     * @throws RequestTimeoutException if the server does not answer in time; it may have obeyed
     */
    public Reply stepDown() {
        return say(Command.STEP_DOWN);
    }

    /**
     * As {@link BinaryStarServer#failBack()}.
     *
     * @throws RequestTimeoutException if the server does not answer in time; it may have obeyed
     */
    public Reply failBack() {
        return say(Command.FAIL_BACK);
    }

    private Reply say(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        DealerSocket socket = loop.call(() -> {
            DealerSocket opened = loop.connectDealer(state, null, SocketSettings.defaults(), new Answers(reply));
            opened.send(AdminCodec.encode(command));
            return opened;
        });
        try {
            return reply.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new RequestTimeoutException(
                        "no server answered at " + state + " within " + Settings.text(timeout), List.of());
            }
            throw e;
        } finally {
            loop.execute(socket::abandon);
        }
    }

    @Override
    public void close() {
        loop.close();
    }

    private record Answers(CompletableFuture<Reply> reply) implements DealerSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            Answer answer = frames.length == 1 ? AdminCodec.decodeAnswer(frames[0]) : null;
            if (answer != null) {
                reply.complete(new Reply(answer.outcome(), answer.status()));
            }
        }

        @Override
        public void onDisconnected() {
            // The socket connects again by itself, until the time is over.
        }
    }
}
