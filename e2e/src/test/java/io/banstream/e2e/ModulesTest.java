package io.banstream.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;

/** Who may know whom. The modules speak to each other by records on topics, not by calls. */
@AnalyzeClasses(
    packages = "io.banstream",
    importOptions = {ImportOption.DoNotIncludeTests.class})
class ModulesTest {
  private static final String SCHEMAS = "io.banstream.schemas..";
  private static final String JAILS = "io.banstream.jails..";
  private static final String INGEST = "io.banstream.ingest..";
  private static final String PROCESSOR = "io.banstream.processor..";
  private static final String ENFORCER = "io.banstream.enforcer..";
  private static final String CONSOLE = "io.banstream.console..";
  private static final String STANDALONE = "io.banstream.standalone..";
  private static final String TESTKIT = "io.banstream.testkit.."; // never shipped

  @ArchTest static final ArchRule schemasKnowNobody = onlyOurs(SCHEMAS, SCHEMAS);
  @ArchTest static final ArchRule jailsKnowRecordsOnly = onlyOurs(JAILS, JAILS, SCHEMAS);
  @ArchTest static final ArchRule ingestKnowsNoOtherRole = onlyOurs(INGEST, INGEST, JAILS, SCHEMAS);

  @ArchTest
  static final ArchRule processorKnowsNoOtherRole = onlyOurs(PROCESSOR, PROCESSOR, JAILS, SCHEMAS);

  @ArchTest
  static final ArchRule enforcerKnowsNoOtherRole = onlyOurs(ENFORCER, ENFORCER, JAILS, SCHEMAS);

  @ArchTest
  static final ArchRule consoleKnowsNoOtherRole = onlyOurs(CONSOLE, CONSOLE, JAILS, SCHEMAS);

  @ArchTest
  static final ArchRule jailsDoNotKnowKafka =
      noClasses()
          .that()
          .resideInAPackage(JAILS)
          .should()
          .dependOnClassesThat(in("org.apache.kafka.."));

  @ArchTest
  static final ArchRule brokerIsStandalonesAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages(STANDALONE, TESTKIT)
          .should()
          .dependOnClassesThat(
              in("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server.."));

  @ArchTest
  static final ArchRule streamsIsTheProcessorsAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROCESSOR)
          .should()
          .dependOnClassesThat(in("org.apache.kafka.streams.."));

  @ArchTest
  static final ArchRule mailIsTheConsolesAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage(CONSOLE)
          .should()
          .dependOnClassesThat(in("jakarta.mail..", "org.eclipse.angus.."));

  @ArchTest
  static final ArchRule nobodyButTheCommandLineReadsTheSystemClock =
      noClasses()
          .that()
          .resideOutsideOfPackage(STANDALONE)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("decisions go by event time, and tests move the clock");

  @ArchTest
  static final ArchRule thereAreNoCycles =
      slices().matching("io.banstream.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      classes()
          .that()
          .resideInAPackage("io.banstream..")
          .should()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Manager")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Impl");

  private static ArchRule onlyOurs(String module, String... allowed) {
    DescribedPredicate<JavaClass> ours = in("io.banstream..");
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(ours.and(DescribedPredicate.not(in(allowed))));
  }

  private static DescribedPredicate<JavaClass> in(String... packages) {
    return resideInAnyPackage(packages);
  }
}
