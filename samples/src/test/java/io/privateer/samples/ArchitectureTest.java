package io.privateer.samples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of docs/decisions.md that a compiler does not know, for this module. */
@AnalyzeClasses(packages = "io.privateer.samples", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ONLY_THE_PATTERNS_KNOW_JEROMQ = noClasses()
            .that()
            .resideOutsideOfPackage("io.privateer.samples.patterns")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.zeromq..", "zmq..")
            .because("only there are sockets themselves what is to be shown; a user of the SDK needs none");

    @ArchTest
    static final ArchRule NOTHING_HIDDEN_OF_THE_SDK_IS_USED = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.privateer.core.internal..", "io.privateer.core.wire..")
            .because("samples show what users can do");
}
