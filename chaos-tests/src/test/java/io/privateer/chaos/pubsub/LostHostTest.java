package io.privateer.chaos.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.ChildJvm;
import io.privateer.pubsub.SyncedPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name server that does not know the publisher's host for a while, played by a file of hosts. */
@Timeout(120)
class LostHostTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String HOST = "publisher.test";

    @TempDir
    Path folder;

    @Test
    void aSubscriberOutlivesThatItsPublishersHostHasNoAddress() throws Exception {
        // given a subscriber whose publisher is not there, and whose host was known when it was started
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 " + HOST + "\n");
        String data = FreeEndpoint.get();
        String sync = FreeEndpoint.get();
        List<String> options = List.of("-Djdk.net.hosts.file=" + hosts);
        try (ChildJvm child = ChildJvm.start(options, LostHostProcess.class, named(data), named(sync))) {
            awaitSaid(child, "subscriber started");
            // when nobody knows the host any more as it is connected to anew
            Files.writeString(hosts, "127.0.0.1 other.test\n");
            awaitSaid(child, "publisher cannot be connected");
            // then that is no end: the host comes back, and the publisher
            Files.writeString(hosts, "127.0.0.1 " + HOST + "\n");
            try (SyncedPublisher publisher = SyncedPublisher.builder(data, sync).start()) {
                awaitSaid(child, "subscriber synced");
                assertThat(publisher.stats().subscribers()).isOne();
            }
            assertThat(said(child)).doesNotContain("event loop failed");
        }
    }

    private static String named(String endpoint) {
        return endpoint.replace("127.0.0.1", HOST);
    }

    private static void awaitSaid(ChildJvm child, String line) {
        await().atMost(SOON).until(() -> said(child).contains(line));
    }

    private static String said(ChildJvm child) throws IOException {
        return Files.readString(child.output().toPath(), US_ASCII);
    }
}
