package io.privateer.chaos;

import io.privateer.samples.demo.FreeEndpoints;
import java.io.IOException;

/** An endpoint that was free a moment ago: a successor must be able to bind what its predecessor had. */
public final class FreeEndpoint {

    private FreeEndpoint() {}

    /** Returns one on loopback; none is given out twice. */
    public static String get() throws IOException {
        return FreeEndpoints.take(1).get(0);
    }
}
