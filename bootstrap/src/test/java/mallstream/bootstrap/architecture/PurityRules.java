package mallstream.bootstrap.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.stream.Stream;

/** Rules 7 to 12: which library may be seen from which room. */
final class PurityRules {
    private static final List<String> DOMAINS = List.of("member", "order");
    private static final String PERSISTENCE = "[member|order].adapter.out.persistence..";

    private static final DescribedPredicate<JavaClass> JDK_AND_JSPECIFY =
            resideInAnyPackage("java..", "org.jspecify..").and(not(resideInAPackage("java.sql..")));

    private static final String[] DATABASE = {
        "jakarta.persistence..",
        "org.hibernate..",
        "org.springframework.data..",
        "org.springframework.jdbc..",
        "org.springframework.orm..",
        "org.postgresql..",
        "java.sql.."
    };
    private static final String[] KAFKA = {
        "org.apache.kafka..", "org.springframework.kafka..", "org.springframework.boot.kafka.."
    };
    /** What speaks HTTP to others. The rest of {@code org.springframework.web} answers requests. */
    private static final String[] HTTP_CLIENT = {
        "java.net.http..",
        "org.apache.hc..",
        "org.apache.http..",
        "org.springframework.web.client..",
        "org.springframework.web.reactive.function.client..",
        "org.springframework.http.client..",
        "org.springframework.boot.http.client..",
        "org.springframework.boot.restclient..",
        "okhttp3.."
    };

    private static final DescribedPredicate<JavaClass> CLIENT = resideInAnyPackage(HTTP_CLIENT)
            .or(JavaClass.Predicates.assignableTo("java.net.URLConnection"))
            // A URL opens connections by itself; an address that is only named is a URI.
            .or(JavaClass.Predicates.type(java.net.URL.class));

    private static final DescribedPredicate<JavaClass> WEB = resideInAnyPackage(
                    "jakarta.servlet..",
                    "org.springframework.web..",
                    "org.springframework.boot.web..",
                    "org.springframework.boot.webmvc..",
                    "org.springframework.security.web..",
                    "org.springdoc..",
                    "io.swagger..")
            .and(not(resideInAnyPackage(HTTP_CLIENT)))
            .and(not(resideInAPackage("org.springframework.web.util..")));

    private PurityRules() {}

    static List<String> pureModel(Code code) {
        return DOMAINS.stream()
                .flatMap(domain -> only(code, domain + ".model..", domain + ".model..").stream())
                .toList();
    }

    static List<String> pureApplication(Code code) {
        return DOMAINS.stream()
                .flatMap(domain ->
                        only(code, domain + ".application..", domain + ".application..", domain + ".model..").stream())
                .toList();
    }

    private static List<String> only(Code code, String room, String... own) {
        return code.breaking(classes()
                .that()
                .resideInAPackage(code.in(room))
                .should()
                .onlyDependOnClassesThat(JDK_AND_JSPECIFY.or(resideInAnyPackage(code.in(own)))));
    }

    static List<String> databaseOnlyInPersistence(Code code) {
        Stream<String> publicEntities = code.realClasses()
                .filter(c -> c.isAnnotatedWith("jakarta.persistence.Entity"))
                .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                .map(c -> c.getName() + " is an @Entity and public");
        return Stream.concat(nowhereBut(code, resideInAnyPackage(DATABASE), PERSISTENCE).stream(), publicEntities)
                .toList();
    }

    static List<String> kafkaOnlyInKafka(Code code) {
        return nowhereBut(code, resideInAnyPackage(KAFKA), "kafka..");
    }

    static List<String> webAndClientsInTheirPlaces(Code code) {
        return Stream.concat(
                        nowhereBut(code, WEB, "[member|order].adapter.in.web..", "bootstrap..").stream(),
                        nowhereBut(code, CLIENT, "[member|order].adapter.out..", "notification..").stream())
                .toList();
    }

    static List<String> transactionsByTheUseCase(Code code) {
        DescribedPredicate<JavaClass> declared = simpleName("Transactional")
                .or(simpleName("EnableTransactionManagement"))
                .and(resideInAnyPackage("org.springframework.transaction.annotation..", "jakarta.transaction.."));
        DescribedPredicate<JavaClass> programmed = resideInAPackage("org.springframework.transaction..")
                .and(not(resideInAPackage("org.springframework.transaction.annotation..")));
        return Stream.concat(nowhereBut(code, declared).stream(), nowhereBut(code, programmed, PERSISTENCE).stream())
                .toList();
    }

    private static List<String> nowhereBut(Code code, DescribedPredicate<JavaClass> types, String... rooms) {
        return code.breaking(noClasses()
                .that(not(resideInAnyPackage(code.in(rooms))))
                .should()
                .dependOnClassesThat(types));
    }
}
