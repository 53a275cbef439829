package io.privateer.samples.cli;

import io.privateer.core.Message;
import io.privateer.pirate.WorkerHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the {@code worker} command can do with a request. */
final class Handlers implements ITypeConverter<WorkerHandler.Function> {

    private static final String SLEEP = "sleep:";

    @Override
    public WorkerHandler.Function convert(String value) {
        if (value.startsWith(SLEEP)) {
            Duration work = Durations.parse(value.substring(SLEEP.length()));
            return request -> {
                TimeUnit.NANOSECONDS.sleep(work.toNanos());
                return request.message();
            };
        }
        return switch (value) {
            case "echo" -> request -> request.message();
            case "upper" -> request -> upper(request.message());
            case "fail" ->
                request -> {
                    throw new IllegalStateException("this handler always fails");
                };
            default -> throw new TypeConversionException("must be echo, upper, sleep:50ms or fail: " + value);
        };
    }

    private static Message upper(Message message) {
        byte[][] frames = new byte[message.frameCount()][];
        for (int i = 0; i < frames.length; i++) {
            String text = new String(message.frame(i), StandardCharsets.UTF_8);
            frames[i] = text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        }
        return Message.of(frames);
    }
}
