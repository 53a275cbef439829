package io.privateer.benchmarks;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Horizontal bars in groups, as SVG. Loads differ by orders of magnitude, so every group has a scale of its own; the
 * value stands beside each bar. The same content gives the same bytes: no dates, and no fonts of this machine.
 */
record BarChart(String title, String subtitle, List<Group> groups) {

    /** Bars that are compared with one another. */
    record Group(String label, List<Bar> bars) {}

    /** One bar; {@code text} is its value as it is shown. */
    record Bar(String name, double value, String text) {}

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final Map<String, String> COLORS =
            Map.of("privateer", "#0b6e4f", "raw", "#c8553d", "nats", "#3b5b92", "unreliable", "#8a8a8a");
    private static final String OTHER_COLOR = "#b08d2e";

    private static final int WIDTH = 720;
    private static final int MARGIN = 16;
    private static final int HEADER_HEIGHT = 64;
    private static final int GROUP_HEADING_HEIGHT = 24;
    private static final int GROUP_GAP = 12;
    private static final int BAR_HEIGHT = 16;
    private static final int BAR_PITCH = 20;
    private static final int BARS_FROM = 110;
    private static final int BAR_WIDTH_MAX = 480;
    private static final int TEXT_GAP = 6;
    private static final int BASELINE = 13;

    /** Returns the chart as an XML document. */
    String svg() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            write(xml);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // There is no I/O that could fail.
        }
        return text + "\n";
    }

    private void write(XMLStreamWriter xml) throws XMLStreamException {
        int height = HEADER_HEIGHT + MARGIN;
        for (Group group : groups) {
            height += heightOf(group);
        }
        xml.setDefaultNamespace(SVG);
        xml.writeStartElement(SVG, "svg");
        xml.writeDefaultNamespace(SVG);
        attributes(xml, "viewBox", "0 0 " + WIDTH + " " + height, "width", WIDTH, "height", height);
        attributes(xml, "font-family", "sans-serif", "font-size", 13, "role", "img");
        element(xml, "title", title);
        rectangle(xml, 0, 0, WIDTH, height, "#ffffff");
        text(xml, MARGIN, 28, "start", "bold", title);
        text(xml, MARGIN, 48, "start", "normal", subtitle);
        int top = HEADER_HEIGHT;
        for (Group group : groups) {
            write(xml, group, top);
            top += heightOf(group);
        }
        xml.writeEndElement();
    }

    private static int heightOf(Group group) {
        return GROUP_HEADING_HEIGHT + group.bars().size() * BAR_PITCH + GROUP_GAP;
    }

    private static void write(XMLStreamWriter xml, Group group, int top) throws XMLStreamException {
        text(xml, MARGIN, top + BASELINE, "start", "bold", group.label());
        double largest = group.bars().stream().mapToDouble(Bar::value).max().orElse(0);
        int y = top + GROUP_HEADING_HEIGHT;
        for (Bar bar : group.bars()) {
            int width = largest > 0 ? (int) Math.max(1, Math.round(BAR_WIDTH_MAX * bar.value() / largest)) : 1;
            text(xml, BARS_FROM - TEXT_GAP, y + BASELINE, "end", "normal", bar.name());
            rectangle(xml, BARS_FROM, y, width, BAR_HEIGHT, COLORS.getOrDefault(bar.name(), OTHER_COLOR));
            text(xml, BARS_FROM + width + TEXT_GAP, y + BASELINE, "start", "normal", bar.text());
            y += BAR_PITCH;
        }
    }

    private static void rectangle(XMLStreamWriter xml, int x, int y, int width, int height, String color)
            throws XMLStreamException {
        newLine(xml);
        xml.writeEmptyElement(SVG, "rect");
        attributes(xml, "x", x, "y", y, "width", width, "height", height, "fill", color);
    }

    private static void text(XMLStreamWriter xml, int x, int y, String anchor, String weight, String content)
            throws XMLStreamException {
        newLine(xml);
        xml.writeStartElement(SVG, "text");
        attributes(xml, "x", x, "y", y, "text-anchor", anchor, "font-weight", weight, "fill", "#222222");
        xml.writeCharacters(content);
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, String name, String content) throws XMLStreamException {
        newLine(xml);
        xml.writeStartElement(SVG, name);
        xml.writeCharacters(content);
        xml.writeEndElement();
    }

    private static void newLine(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeCharacters("\n");
    }

    private static void attributes(XMLStreamWriter xml, Object... namesAndValues) throws XMLStreamException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            xml.writeAttribute(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
    }
}
