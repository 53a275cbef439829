package io.privateer.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.privateer.core.PirateException;

/** The rules of docs/decisions.md that a compiler does not know, for this module. */
@AnalyzeClasses(packages = "io.privateer.pipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] NOT_FOR_MACHINES = {
        "org.zeromq..",
        "zmq..",
        "java.net..",
        "java.io..",
        "java.nio.channels..",
        "java.nio.file..",
        "java.util.concurrent..",
        "java.security..",
        "org.slf4j..",
        "io.privateer.core.transport.."
    };

    @ArchTest
    static final ArchRule MACHINES_TOUCH_NO_CLOCK_THREAD_RANDOM_OR_IO = noClasses()
            .that()
            .haveNameMatching(
                    ".*\\.(\\w+Machine|VentBook|Crew|VentWorker|ServerLink|TaskSet|TaskTable|PlnReader|PlnWriter"
                            + "|CapacityWatch)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NOT_FOR_MACHINES)
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.lang\\.Thread|java\\.util\\.(Splittable)?Random|io\\.privateer\\.core\\.(Randomness"
                            + "|NanoClock)")
            .because("a machine must run unchanged in the simulation");

    @ArchTest
    static final ArchRule MACHINES_ARE_HIDDEN =
            classes().that().haveNameMatching(".*(Machine|Shell|Port)").should().notBePublic();

    @ArchTest
    static final ArchRule NOTHING_IS_KNOWN_OF_JEROMQ =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.zeromq..", "zmq..");

    @ArchTest
    static final ArchRule EXCEPTIONS_ARE_PIRATES = classes()
            .that()
            .areAssignableTo(RuntimeException.class)
            .should()
            .beAssignableTo(PirateException.class)
            .allowEmptyShould(true);
}
