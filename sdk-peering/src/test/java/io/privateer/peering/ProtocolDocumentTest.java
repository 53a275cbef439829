package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The messages that {@code docs/protocol.md} shows between brokers, and the limits it names, are those of the code. */
class ProtocolDocumentTest {

    private static final PeerId LIFE = new PeerId(0x0011223344556677L, 0x8899aabbccddeeffL);
    private static final PeerId OTHER = new PeerId(0xffeeddccbbaa9988L, 0x7766554433221100L);
    private static final Contact WEST = new Contact("west", List.of("tcp://w:1", "tcp://v:1"));

    private String section = "";
    private String hex = "";

    @BeforeEach
    void readTheSection() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "protocol.md"));
        section = document.substring(document.indexOf("\n## 19. Between brokers\n"));
        hex = section.replaceAll("\\s", "");
    }

    @Test
    void showsAFullMessage() {
        CapacityMessage message = new CapacityMessage(
                true,
                false,
                LIFE,
                258,
                WEST.name(),
                WEST.stateEndpoints(),
                List.of("tcp://w:2", "tcp://v:2"),
                List.of(new Service("", 7, 2, 0), new Service("größe", 0, 0, 300)),
                List.of(new Held(LIFE, "", 2), new Held(OTHER, "größe", 65_536)),
                List.of(
                        new Contact("east-1", List.of("tcp://e:1")),
                        new Contact("n.0_x", List.of("tcp://[::1]:1", "tcp://n:1"))));
        assertThat(hex).contains(HexFormat.of().formatHex(CapacityCodec.encode(message)));
    }

    @Test
    void showsAnIntroduction() {
        assertThat(hex).contains(HexFormat.of().formatHex(IntroductionCodec.encode(WEST)));
    }

    @Test
    void namesTheLimits() {
        assertThat(section)
                .contains("number of services, at most " + CapacityMessage.SERVICES_MAX)
                .contains("number of holdings, at most " + CapacityMessage.HELD_MAX)
                .contains("number of peers, at most " + CapacityMessage.PEERS_MAX)
                .contains("1 to " + Names.NAME_CHARS_MAX + " of ")
                .contains("at most " + Names.ENDPOINT_BYTES_MAX + " bytes")
                .contains("| " + StateLinks.LINKS_MAX + ", and " + StateLinks.LINKS_PER_NAME_MAX + " for one name |")
                .contains("| former lives remembered | " + FormerLives.LIVES_MAX + " |");
        assertThat(CapacityCodec.FRAME_BYTES_MAX).isEqualTo(1 << 18);
    }
}
