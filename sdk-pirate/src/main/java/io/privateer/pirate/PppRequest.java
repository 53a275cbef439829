package io.privateer.pirate;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A request that came by the Paranoid Pirate Protocol, which carries nothing but the body. Immutable. */
final class PppRequest extends Request {

    PppRequest(byte[][] body) {
        super(body);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public String service() {
        return "";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Optional<Duration> remaining() {
        return Optional.empty();
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void onCancel(Runnable action) {
        // Nobody ever tells.
    }

    @Override
    public void progress() {
        // There is no word for it.
    }
}
