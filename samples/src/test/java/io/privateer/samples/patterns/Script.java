package io.privateer.samples.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * What the ends of a sample say: for each end the lines, as regular expressions, that must come in this order among its own. The
 * ends' lines may mix in any way.
 */
record Script(List<String> lines) {

    static Script of(Pattern pattern) {
        return new Script(text(pattern).lines().toList());
    }

    /** Fails unless every end has said what it should, in its order. */
    void assertPlayed(List<String> played) {
        for (String end : ends()) {
            List<String> own =
                    played.stream().filter(line -> line.startsWith(end)).toList();
            int at = 0;
            for (String expected :
                    lines.stream().filter(line -> line.startsWith(end)).toList()) {
                while (at < own.size() && !own.get(at).matches(expected)) {
                    at++;
                }
                assertThat(at)
                        .as("'%s' in its place among%n%s", expected, String.join("\n", played))
                        .isLessThan(own.size());
                at++;
            }
        }
    }

    private List<String> ends() {
        return lines.stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .toList();
    }

    private static String text(Pattern pattern) {
        return switch (pattern) {
            case REQUEST_REPLY -> """
                server: received Hello 1
                server: received Hello 2
                server: received Hello 3
                client: received World 1
                client: received World 2
                client: received World 3
                """;
            case ENVELOPES -> """
                client: REQ sends \\[Hello\\]
                server: REP receives \\[Hello\\]
                server: REP sends \\[World\\]
                client: REQ receives \\[World\\]
                client: REQ sends \\[Hello\\]
                server: ROUTER receives \\[Bob\\]\\[\\]\\[Hello\\]
                server: ROUTER sends \\[Bob\\]\\[\\]\\[World\\]
                client: REQ receives \\[World\\]
                client: DEALER sends \\[\\]\\[Hello\\]
                server: REP receives \\[Hello\\]
                server: REP sends \\[World\\]
                client: DEALER receives \\[\\]\\[World\\]
                client: DEALER sends \\[from\\]\\[afar\\]\\[\\]\\[Hello\\]
                server: REP receives \\[Hello\\]
                server: REP sends \\[World\\]
                client: DEALER receives \\[from\\]\\[afar\\]\\[\\]\\[World\\]
                """;
            case DEALER_DEALER -> """
                left: received a word that nobody asked for
                left: sent 3 tasks and waited for nothing
                left: received result of task 3
                left: received result of task 2
                left: received result of task 1
                right: answers the last first
                """;
            case ROUTER_ROUTER -> """
                Ann: Bob is there
                Ann: Bob says: Hello Ann
                Ann: knows no Carol, and is told so
                Bob: Ann is there
                Bob: Ann says: Hello Bob
                """;
            case ASYNC_CLIENT_SERVER -> """
                server: client-1 gets 0
                server: client-1 gets 1
                server: client-1 gets 3
                client-1: has asked for .0, 1, 3. replies
                client-1: received 1 of 1
                client-1: received 1 of 3
                client-1: received 2 of 3
                client-1: received 3 of 3
                client-2: received 3 of 3
                """;
            case ASYNC_BROKER -> """
                broker: [1-6] under way
                client-1: received: service-[12] did request [1-3] of client-1
                client-1: received: service-[12] did request [1-3] of client-1
                client-1: received: service-[12] did request [1-3] of client-1
                client-2: received: service-[12] did request [1-3] of client-2
                client-2: received: service-[12] did request [1-3] of client-2
                client-2: received: service-[12] did request [1-3] of client-2
                """;
            case LOAD_BALANCED -> """
                worker-1: has work of client-[12]
                worker-2: has work of client-[12]
                client-1: received: worker-[12] did request 1
                client-1: received: worker-[12] did request 2
                client-1: received: worker-[12] did request 3
                client-2: received: worker-[12] did request 1
                client-2: received: worker-[12] did request 2
                client-2: received: worker-[12] did request 3
                """;
            case PIPELINE -> """
                sink: worker-[12] is there
                sink: worker-[12] is there
                sink: has 10 results, their sum is 385
                worker-1: has done \\d+ tasks and stops, as it is told
                worker-2: has done \\d+ tasks and stops, as it is told
                """;
            case FORWARDER -> """
                publisher: somebody wants (rain|wind)
                publisher: somebody wants (rain|wind)
                forwarder: passes on rain none today
                forwarder: passes on wind none today
                forwarder: passes on rain much tomorrow
                forwarder: passes on wind much tomorrow
                forwarder: passes on rain end
                forwarder: passes on wind end
                rain: received none today
                rain: received much tomorrow
                rain: has heard the end
                wind: received none today
                wind: received much tomorrow
                wind: has heard the end
                """;
            case LAZY_PIRATE -> """
                client: received reply to request 1
                client: no reply, makes attempt 2
                client: received reply to request 2
                client: no reply, makes attempt 2
                client: received reply to request 3
                client: received reply to request 4
                server: crashes with request 2
                successor: takes its time over request 3
                """;
            case SIMPLE_PIRATE -> """
                worker-1: dies with request [12] in its hands
                queue: has a request back: DISCONNECTED
                client: received: worker-2 did request 1
                client: received: worker-2 did request 2
                client: received: worker-2 did request 3
                client: received: worker-2 did request 4
                worker-2: has done 4
                queue: answered 4 of 4
                """;
            case PARANOID_PIRATE -> """
                client: received: worker-[12] did request 1
                client: received: worker-[12] did request 2
                client: received: worker-2 did request 3
                client: received: worker-2 did request 4
                client: received: worker-2 did request 5
                worker-1: freezes
                queue: has lost a worker: SILENT
                worker-2: has done 4
                """;
            case BINARY_STAR -> """
                client: received reply to request 1
                client: received reply to request 2
                client: received reply to request 3
                client: received reply to request 4
                client: received reply to request 5
                worker: has request 3, and the primary is killed
                worker: has run [5-9] requests for 5 replies
                backup: is PASSIVE
                backup: is ACTIVE
                backup: is ACTIVE in the end
                """;
            case PEERING -> """
                west: hears of the (east|north)
                west: hears of the (east|north)
                client: received: request 1 was done in the east
                client: received: request 2 was done in the east
                client: received: request 3 was done in the north
                client: received: request 4 was done in the north
                client: received: request 5 was done in the north
                east: has request 3, and is killed
                north: has done 3
                """;
        };
    }
}
