package io.privateer.peering;

import io.privateer.core.Settings;
import java.util.regex.Pattern;

/** What names and endpoints that come from elsewhere must look like. */
final class Names {

    static final int NAME_CHARS_MAX = 63;
    static final int ENDPOINT_BYTES_MAX = 255;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + NAME_CHARS_MAX + "}");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1," + ENDPOINT_BYTES_MAX + "}");

    private Names() {}

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns whether {@code endpoint} is one to connect to, of visible ASCII. */
    static boolean isEndpoint(String endpoint) {
        if (!VISIBLE.matcher(endpoint).matches()) {
            return false;
        }
        try {
            Settings.connectEndpoint("endpoint", endpoint);
            return true;
        } catch (IllegalArgumentException e) {
            return false; // A peer's, not the user's: refused like any other rubbish.
        }
    }
}
