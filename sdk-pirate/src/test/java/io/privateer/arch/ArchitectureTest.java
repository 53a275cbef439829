package io.privateer.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.privateer.core.PirateException;
import java.util.List;

/** The rules of docs/decisions.md that a compiler does not know. */
@AnalyzeClasses(packages = "io.privateer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] NOT_FOR_MACHINES = {
        "org.zeromq..",
        "zmq..",
        "java.net..",
        "java.io..",
        "java.nio.channels..",
        "java.util.concurrent..",
        "java.security..",
        "org.slf4j..",
        "io.github.resilience4j..",
        "com.google.."
    };

    private static final DescribedPredicate<JavaClass> FOREIGN = resideInAnyPackage(
                    "org.zeromq..", "zmq..", "io.github.resilience4j..", "com.google..")
            .as("a type of JeroMQ, Resilience4j or Guava");

    @ArchTest
    static final ArchRule ONLY_THE_TRANSPORT_KNOWS_JEROMQ = noClasses()
            .that()
            .resideOutsideOfPackage("io.privateer.core.transport..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.zeromq..", "zmq..");

    @ArchTest
    static final ArchRule MACHINES_TOUCH_NO_CLOCK_THREAD_RANDOM_OR_IO = noClasses()
            .that()
            .haveSimpleNameEndingWith("Machine")
            .or()
            .haveSimpleNameEndingWith("Rules")
            .or()
            .haveSimpleName("RequestLedger")
            .or()
            .haveSimpleName("Roster")
            .or()
            .haveSimpleName("Clientele")
            .or()
            .haveSimpleName("DedupeWindow")
            .or()
            .haveSimpleName("InFlight")
            .or()
            .haveSimpleName("Service")
            .or()
            .haveSimpleName("WorkerTable")
            .or()
            .haveSimpleName("FairClock")
            .or()
            .haveSimpleName("Intake")
            .or()
            .haveSimpleName("CallTimers")
            .or()
            .haveSimpleName("OpenCalls")
            .or()
            .haveSimpleName("RetryBudget")
            .or()
            .haveSimpleName("ClientLink")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NOT_FOR_MACHINES)
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.lang\\.Thread|java\\.util\\.(Splittable)?Random|io\\.privateer\\.core\\.Randomness")
            .because("a machine must run unchanged in the simulation");

    @ArchTest
    static final ArchRule MACHINES_ARE_HIDDEN = classes()
            .that()
            .haveSimpleNameEndingWith("Machine")
            .or()
            .haveSimpleNameEndingWith("Shell")
            .or()
            .haveSimpleNameEndingWith("Port")
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule NO_PUBLIC_METHOD_RETURNS_A_FOREIGN_TYPE = noMethods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .haveRawReturnType(FOREIGN);

    @ArchTest
    static final ArchRule NO_PUBLIC_METHOD_TAKES_A_FOREIGN_TYPE = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .haveRawParameterTypes(noneForeign());

    @ArchTest
    static final ArchRule EXCEPTIONS_ARE_PIRATES =
            classes().that().areAssignableTo(RuntimeException.class).should().beAssignableTo(PirateException.class);

    @ArchTest
    static final ArchRule PACKAGES_DO_NOT_DEPEND_ON_EACH_OTHER_IN_CIRCLES =
            slices().matching("io.privateer.(**)").should().beFreeOfCycles();

    private static DescribedPredicate<List<JavaClass>> noneForeign() {
        return DescribedPredicate.describe(
                "none of JeroMQ, Resilience4j or Guava", types -> types.stream().noneMatch(FOREIGN));
    }
}
