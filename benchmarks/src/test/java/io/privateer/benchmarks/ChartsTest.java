package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class ChartsTest {

    private static final List<Result> RESULTS =
            List.of(Results.of(Peer.PRIVATEER, 1_000, 1, 900_000), Results.of(Peer.RAW, 1_000, 1, 225_000));

    @TempDir
    Path directory;

    private int draw(Path to) throws IOException {
        Path json = directory.resolve("bench.json");
        new ObjectMapper().writeValue(json.toFile(), Map.of("settings", Map.of(), "results", RESULTS));
        return Bench.commandLine().execute("charts", json.toString(), to.toString());
    }

    @Test
    void theSameResultsGiveTheSameBytes() throws IOException {
        // when
        assertThat(draw(directory.resolve("first"))).isZero();
        assertThat(draw(directory.resolve("second"))).isZero();
        // then
        for (String name : List.of("throughput", "latency-p50", "latency-p99", "cpu", "memory")) {
            assertThat(directory.resolve("first").resolve(name + ".svg"))
                    .hasSameTextualContentAs(directory.resolve("second").resolve(name + ".svg"));
        }
    }

    @Test
    void aBarIsAsLongAsItsValueIsLarge() throws IOException, ParserConfigurationException, SAXException {
        // when
        assertThat(draw(directory)).isZero();
        // then
        Path svg = directory.resolve("throughput.svg");
        Document document =
                DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(svg.toFile());
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        // the first rectangle is the background
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(3);
        assertThat(widthOfBar(document, 1)).isEqualTo(4 * widthOfBar(document, 2));
        assertThat(Files.readString(svg))
                .contains("64 B, 1000 in flight, 4 workers", "900,000", "225,000", "medians of 1 rounds");
    }

    private static int widthOfBar(Document document, int index) {
        return Integer.parseInt(document.getElementsByTagName("rect")
                .item(index)
                .getAttributes()
                .getNamedItem("width")
                .getNodeValue());
    }

    @Test
    void namesThatXmlWouldTakeForMarkupStayNames() {
        String svg = new BarChart("a < b & c", "", List.of()).svg();
        assertThat(svg).contains("a &lt; b &amp; c");
    }
}
