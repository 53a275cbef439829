package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Loads the packages of queues, pairs, brokers and pipelines anew with a bug planted in them, or in what they take from the core: the mutated
 * class from its changed source, everything else as it is.
 */
final class MutantLoader extends ClassLoader {

    private static final List<String> PACKAGES = List.of(
            "io.privateer.pirate.",
            "io.privateer.binarystar.",
            "io.privateer.peering.",
            "io.privateer.pipeline.",
            "io.privateer.pubsub.");
    private static final List<Path> SOURCES = List.of(
            Path.of("../sdk-pirate/src/main/java/io/privateer/pirate"),
            Path.of("../sdk-binarystar/src/main/java/io/privateer/binarystar"),
            Path.of("../sdk-peering/src/main/java/io/privateer/peering"),
            Path.of("../sdk-pipeline/src/main/java/io/privateer/pipeline"),
            Path.of("../sdk-pubsub/src/main/java/io/privateer/pubsub"),
            Path.of("../sdk-core/src/main/java/io/privateer/core"),
            Path.of("../sdk-core/src/main/java/io/privateer/core/internal"),
            Path.of("../sdk-core/src/main/java/io/privateer/core/wire"),
            Path.of("src/test/java/io/privateer/pirate"));

    private final Map<String, byte[]> mutated;

    private MutantLoader(Map<String, byte[]> mutated) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = mutated;
    }

    /** Loads everything as it is. */
    static MutantLoader ofNoMutant() {
        return new MutantLoader(Map.of());
    }

    static MutantLoader of(Planted mutant) throws IOException {
        return new MutantLoader(compile(mutant.className(), mutatedSource(mutant)));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            boolean anew = PACKAGES.stream().anyMatch(name::startsWith) || mutated.containsKey(name);
            return anew ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = mutated.get(name);
        if (bytes == null) {
            bytes = unchanged(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] unchanged(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static String mutatedSource(Planted mutant) throws IOException {
        String source = Files.readString(SOURCES.stream()
                .map(folder -> folder.resolve(mutant.className() + ".java"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow());
        Matcher matcher = Pattern.compile(
                        Arrays.stream(mutant.original().strip().split("\\s+"))
                                .map(Pattern::quote)
                                .collect(Collectors.joining("\\s+")))
                .matcher(source);
        assertThat(matcher.results().count())
                .as("places in %s where %s can be planted", mutant.className(), mutant)
                .isEqualTo(1);
        return matcher.replaceFirst(Matcher.quoteReplacement(mutant.planted()));
    }

    private static Map<String, byte[]> compile(String className, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        try (InMemory files = new InMemory(compiler.getStandardFileManager(null, null, null))) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-implicit:none", "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(messages, files, null, options, null, List.of(file))
                    .call();
            assertThat(compiled).as("the mutant compiles: %s", messages).isTrue();
            Map<String, byte[]> classes = new HashMap<>();
            files.written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    /** Keeps the compiled classes. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        InMemory(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(className, absent -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
