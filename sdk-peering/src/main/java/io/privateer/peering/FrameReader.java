package io.privateer.peering;

import io.privateer.core.wire.FieldReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Reads besides what only brokers say of each other. */
final class FrameReader extends FieldReader {

    private static final int ENDPOINTS_MAX = 2;

    FrameReader(byte[] frame) {
        super(frame, 0);
    }

    /** Reads a number of things, at most {@code max}. */
    int count(int max) {
        int count = u16();
        require(count <= max);
        return isSound() ? count : 0;
    }

    String name() {
        String name = text();
        require(isSound() && Names.isName(name));
        return name;
    }

    /** Reads one or two endpoints, all different, behind their number, which is one byte. */
    List<String> endpoints() {
        int count = u8();
        require(count >= 1 && count <= ENDPOINTS_MAX);
        List<String> endpoints = new ArrayList<>(ENDPOINTS_MAX);
        for (int i = 0; i < count && isSound(); i++) {
            String endpoint = text();
            require(isSound() && Names.isEndpoint(endpoint));
            endpoints.add(endpoint);
        }
        require(new HashSet<>(endpoints).size() == endpoints.size());
        return endpoints;
    }
}
