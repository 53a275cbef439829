package io.privateer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published modules work on the module path, with nothing there but what they name. */
class ModulePathTest {

    private static final Pattern NEEDED = Pattern.compile(
            ".*/(sdk-core|sdk-pirate|jeromq|jnacl|resilience4j|guava|failureaccess|agrona|slf4j-api|jspecify)[^/]*"
                    + "(/target/classes|\\.jar)?");

    @Test
    void thePirateModuleResolvesAndOpensAClient() throws ReflectiveOperationException {
        // given the module path of an application that requires io.privateer.pirate
        Path[] path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(entry).matches())
                .map(Path::of)
                .filter(Files::exists)
                .toArray(Path[]::new);
        // when it is resolved
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("io.privateer.pirate"));
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
                .layer();
        // then a client opens, which takes JeroMQ, Resilience4j and Guava
        Class<?> client = layer.findLoader("io.privateer.pirate").loadClass("io.privateer.pirate.LazyPirateClient");
        assertThat(client.getModule().isNamed()).isTrue();
        Object opened =
                client.getMethod("connect", String[].class).invoke(null, (Object) new String[] {"tcp://127.0.0.1:1"});
        assertThat(opened).isInstanceOf(AutoCloseable.class);
        client.getMethod("close").invoke(opened);
    }
}
