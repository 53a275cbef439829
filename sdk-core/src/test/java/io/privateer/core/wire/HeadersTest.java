package io.privateer.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    @Test
    void readsWhatItWritesInOrder() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        headers.put("empty", "");
        headers.put("é".repeat(127), "日本");
        assertThat(Headers.decode(Headers.encode(headers))).containsExactlyEntriesOf(headers);
        assertThat(Headers.encode(Map.of())).isEmpty();
        assertThat(Headers.decode(new byte[0])).isEmpty();
    }

    @Test
    void writesTheBytesOfTheSpecification() {
        assertThat(Headers.encode(Map.of("a", "bc"))).containsExactly(1, 'a', 0, 2, 'b', 'c');
    }

    @Test
    void takesAsMuchAsARequestCanCarryAndNoMore() {
        String longest = "x".repeat(Prv.HEADERS_BYTES_MAX - 4);
        byte[] bytes = Headers.encode(Map.of("a", longest));
        assertThat(bytes).hasSize(Prv.HEADERS_BYTES_MAX);
        assertThat(Headers.decode(bytes)).containsExactly(Map.entry("a", longest));
        assertThatThrownBy(() -> Headers.encode(Map.of("a", longest + "x")))
                .hasMessage("headers must be of at most 65535 bytes, too many with: a");
        Map<String, String> two = new LinkedHashMap<>(Map.of("a", longest));
        two.put("b", "");
        assertThatThrownBy(() -> Headers.encode(two))
                .hasMessage("headers must be of at most 65535 bytes, too many with: b");
        assertThatThrownBy(() -> Headers.encode(Map.of("a", "x".repeat(1 << 20))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 70_000})
    void refusesNamesThatDoNotFit(int nameBytes) {
        assertThatThrownBy(() -> Headers.encode(Map.of("n".repeat(nameBytes), "")))
                .hasMessageStartingWith("header name must be of 1 to 255 bytes: ");
    }

    @Test
    void keepsWhatStandsBeforeAMalformedHeader() {
        byte[] good = {1, 'a', 0, 1, 'b'};
        assertThat(decode(good, new byte[] {0, 0, 0})).as("no name").containsExactly(Map.entry("a", "b"));
        assertThat(decode(good, new byte[] {9, 'c', 0, 0})).as("name cut off").containsExactly(Map.entry("a", "b"));
        assertThat(decode(good, new byte[] {1, 'c', 0})).as("no length").containsExactly(Map.entry("a", "b"));
        assertThat(decode(good, new byte[] {1, 'c', 0, 2, 'd'}))
                .as("value cut off")
                .hasSize(1);
        assertThat(decode(good, new byte[] {-1, 'c', -1, -1}))
                .as("all too long")
                .hasSize(1);
    }

    @Test
    void believesTheLastOfAName() {
        assertThat(decode("\1a\0\1b".getBytes(UTF_8), "\1a\0\1c".getBytes(UTF_8)))
                .containsExactly(Map.entry("a", "c"));
    }

    private static Map<String, String> decode(byte[] first, byte[] second) {
        byte[] bytes = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, bytes, first.length, second.length);
        return Headers.decode(bytes);
    }
}
