package io.privateer.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.github.freva.asciitable.AsciiTable;
import io.privateer.core.Settings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The end of every benchmark: a table on standard output, and the same as JSON where that is asked for. */
final class Report {

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results to FILE")
    private @Nullable File json;

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Double.class, new Rounded())
                    .addSerializer(double.class, new Rounded()));

    private final Map<String, Object> content = new LinkedHashMap<>();

    /** Writes what was measured and not the noise behind it: a tenth of what is large, a thousandth of what is small. */
    private static final class Rounded extends StdSerializer<Double> {

        private static final long serialVersionUID = 1L;
        private static final double LARGE = 10;

        Rounded() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator to, SerializerProvider unused) throws IOException {
            double parts = Math.abs(value) >= LARGE ? 10 : 1_000;
            to.writeNumber(Double.isFinite(value) ? Math.round(value * parts) / parts : value);
        }
    }

    Report with(String name, Object value) {
        content.put(name, value);
        return this;
    }

    void print(List<String> header, List<List<String>> rows) {
        System.out.println(AsciiTable.getTable(
                header.toArray(String[]::new),
                rows.stream().map(row -> row.toArray(String[]::new)).toArray(String[][]::new)));
    }

    /** Fails now rather than after all the work, if the file cannot be written. */
    void checkWritable() {
        if (json != null) {
            File folder = json.getAbsoluteFile().getParentFile();
            boolean writable = json.exists() ? json.isFile() && json.canWrite() : folder != null && folder.canWrite();
            Settings.check(writable, "--json", "a file that can be written", json);
        }
    }

    void write() {
        if (json != null) {
            try {
                JSON.writerWithDefaultPrettyPrinter().writeValue(json, content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(null);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double median(double... values) {
        return median(Arrays.stream(values).boxed().toList());
    }

    static <T> double median(List<T> items, ToDoubleFunction<T> value) {
        return median(items.stream().mapToDouble(value).toArray());
    }

    /** Returns the median of the ratios of each item to the one at the same place in {@code others}, NaN if there is none. */
    static <T> double medianRatio(List<T> items, List<T> others, ToDoubleFunction<T> value) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(items.size(), others.size()); i++) {
            ratios.add(value.applyAsDouble(items.get(i)) / value.applyAsDouble(others.get(i)));
        }
        return ratios.isEmpty() ? Double.NaN : median(ratios);
    }
}
