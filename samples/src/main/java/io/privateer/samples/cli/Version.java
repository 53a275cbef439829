package io.privateer.samples.cli;

import picocli.CommandLine.IVersionProvider;

/** Answers {@code --version} from the jar's manifest. */
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"privateer " + (version == null ? "(not packaged)" : version)};
    }
}
