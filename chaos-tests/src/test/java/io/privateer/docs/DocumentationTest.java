package io.privateer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show compiles, and what they point to exists. */
class DocumentationTest {

    private static final Pattern SNIPPET = Pattern.compile("(?m)^```java\\n(.*?)^```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?(?:final )?class (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final String IMPORTS = """
            import io.privateer.core.*;
            import io.privateer.core.transport.*;
            import io.privateer.binarystar.*;
            import io.privateer.peering.*;
            import io.privateer.pipeline.*;
            import io.privateer.pirate.*;
            import io.privateer.pubsub.*;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            """;

    @TempDir
    Path output;

    static List<Arguments> snippets() {
        List<Arguments> snippets = new ArrayList<>();
        for (Path document : Repository.files(".md")) {
            Matcher matcher = SNIPPET.matcher(Repository.read(document));
            for (int number = 1; matcher.find(); number++) {
                snippets.add(Arguments.of(Repository.name(document) + " snippet " + number, matcher.group(1)));
            }
        }
        return snippets;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("snippets")
    void everyJavaSnippetCompiles(String name, String snippet) {
        // given the snippet as a class: its own, or one with the snippet as a method
        Matcher ownClass = CLASS.matcher(snippet);
        boolean isClass = ownClass.find();
        String className = isClass ? ownClass.group(1) : "Snippet";
        String source = isClass
                ? IMPORTS + snippet
                : IMPORTS + "class Snippet {\nvoid run() throws Exception {\n" + snippet + "}\n}\n";
        // when it is compiled against the SDK
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        problems,
                        List.of(
                                "-proc:none",
                                "-d",
                                output.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(new SourceInMemory(className, source)))
                .call();
        // then the compiler has nothing to say
        assertThat(compiled).as("%s\n%s", name, describe(problems)).isTrue();
    }

    static Stream<Path> documents() {
        return Repository.files(".md").stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkInsideTheRepositoryLeadsSomewhere(Path document) {
        List<String> dead = LINK.matcher(Repository.read(document))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !Files.exists(document.resolveSibling(target)))
                .toList();
        assertThat(dead).as(Repository.name(document)).isEmpty();
    }

    private static String describe(DiagnosticCollector<JavaFileObject> problems) {
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> problem.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }

    private static final class SourceInMemory extends SimpleJavaFileObject {
        private final String source;

        SourceInMemory(String className, String source) {
            super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
