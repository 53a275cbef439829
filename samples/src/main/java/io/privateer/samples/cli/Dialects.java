package io.privateer.samples.cli;

import io.privateer.pirate.WorkerDialect;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the {@code worker} command can speak with its queue. */
final class Dialects implements ITypeConverter<WorkerDialect> {

    @Override
    public WorkerDialect convert(String value) {
        return switch (value) {
            case "prv" -> WorkerDialect.PRV;
            case "ppp" -> WorkerDialect.PPP;
            default -> throw new TypeConversionException("must be prv or ppp: " + value);
        };
    }
}
