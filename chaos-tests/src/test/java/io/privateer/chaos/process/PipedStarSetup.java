package io.privateer.chaos.process;

import io.privateer.chaos.TcpPipe;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A pair whose endpoints are reached through pipes, which a test can hold shut. */
abstract class PipedStarSetup extends StarSetup {

    private final Map<String, TcpPipe> pipes = new LinkedHashMap<>();

    @Override
    final String reached(String endpoint) throws IOException {
        TcpPipe known = pipes.get(endpoint);
        TcpPipe pipe = known == null ? new TcpPipe(endpoint) : known;
        pipes.put(endpoint, pipe);
        return pipe.endpoint();
    }

    final TcpPipe pipe(String endpoint) {
        return pipes.get(endpoint);
    }

    /** Starts a load whose client knows both servers, and asks {@code first} before the other. */
    final PipelinedLoad load(int first) throws IOException {
        String one = reached(places[first].frontend());
        String two = reached(places[1 - first].frontend());
        return PipelinedLoad.start(PirateClient.builder().endpoints(one, two), IN_FLIGHT, CallOptions.defaults());
    }

    /** Lets everything arrive that was held back. */
    final void release() {
        pipes.values().forEach(TcpPipe::release);
    }

    @AfterEach
    void closePipes() throws IOException {
        for (TcpPipe pipe : pipes.values()) {
            pipe.close();
        }
    }
}
