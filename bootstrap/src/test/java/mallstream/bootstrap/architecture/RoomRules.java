package mallstream.bootstrap.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules 1 to 6: which rooms there are, and who sees whom. */
final class RoomRules {
    private static final String MODEL = "[member|order].model..";
    private static final String PORT_IN = "[member|order].application.port.in..";
    private static final String PORT_OUT = "[member|order].application.port.out..";
    private static final String REACTION = "[member|order].application.reaction..";
    private static final String SERVICE = "[member|order].application.service..";
    private static final String ADAPTER_IN = "[member|order].adapter.in.*..";
    private static final String ADAPTER_OUT = "[member|order].adapter.out.*..";
    private static final String NOTIFICATION = "notification..";
    private static final String KAFKA = "kafka..";
    /** What the rooms of the kafka house share: topics, settings. It knows no domain either. */
    private static final String HALL = "kafka";

    private static final String CONSUME = "kafka.consume..";
    private static final String PRODUCE = "kafka.produce..";

    private static final List<String> ROOMS = List.of(
            MODEL,
            PORT_IN,
            PORT_OUT,
            REACTION,
            SERVICE,
            ADAPTER_IN,
            ADAPTER_OUT,
            NOTIFICATION,
            HALL,
            CONSUME,
            PRODUCE,
            "kafka.member..",
            "kafka.order..",
            "bootstrap..");

    /** The rooms that somebody lives in. A room that is planned joins the list with its first class. */
    static final List<String> ROLL = List.of(
            "member.model",
            "member.application.port.in",
            "member.application.port.out",
            "member.application.reaction",
            "member.application.service",
            "member.adapter.in.web",
            "member.adapter.in.schedule",
            "member.adapter.out.persistence",
            "order.model",
            "order.application.port.in",
            "order.application.port.out",
            "order.application.service",
            "order.adapter.in.web",
            "order.adapter.in.schedule",
            "order.adapter.out.persistence",
            "order.adapter.out.godomall",
            "order.adapter.out.shopby",
            "order.adapter.out.naverpay",
            "order.adapter.out.json",
            "notification",
            "kafka.consume",
            "kafka.produce",
            "kafka.member",
            "kafka.order",
            "bootstrap");

    private static final Pattern ADAPTER =
            Pattern.compile("(?:member|order)\\.adapter\\.(?:in|out)\\.\\w+|notification|kafka");

    private RoomRules() {}

    static List<String> everyClassHasARoom(Code code) {
        LayeredArchitecture rooms =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String room : ROOMS) {
            rooms = rooms.layer(room).definedBy(code.in(room));
        }
        return code.breaking(rooms.ensureAllClassesAreContainedInArchitectureIgnoring(simpleName("package-info")));
    }

    static List<String> rollCall(Code code) {
        return ROLL.stream()
                .filter(room -> code.realClasses().noneMatch(resideInAPackage(code.in(room) + "..")))
                .map(room -> "no class in " + code.in(room))
                .toList();
    }

    static List<String> strangersAndNoCycles(Code code) {
        return Stream.of(
                        noClasses()
                                .that()
                                .resideInAPackage(code.in("member.."))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(code.in("order..")),
                        noClasses()
                                .that()
                                .resideInAPackage(code.in("order.."))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(code.in("member..")),
                        slices().matching(code.in("(**)")).should().beFreeOfCycles())
                .flatMap(rule -> code.breaking(rule).stream())
                .toList();
    }

    static List<String> adaptersAreStrangers(Code code) {
        SliceAssignment adapters = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return adapterOf(code, type);
            }

            @Override
            public String getDescription() {
                return "adapters";
            }
        };
        return code.breaking(
                slices().assignedFrom(adapters).namingSlices("$1").should().notDependOnEachOther());
    }

    private static SliceIdentifier adapterOf(Code code, JavaClass type) {
        String prefix = code.root() + ".";
        if (!type.getPackageName().startsWith(prefix)) {
            return SliceIdentifier.ignore();
        }
        Matcher adapter = ADAPTER.matcher(type.getPackageName().substring(prefix.length()));
        return adapter.lookingAt() ? SliceIdentifier.of(adapter.group()) : SliceIdentifier.ignore();
    }

    /** Whether one adapter sees another is rule 4's business, so here each list takes all adapters for known. */
    static List<String> adaptersSeePortsAndModel(Code code) {
        String[] adapters = {ADAPTER_IN, ADAPTER_OUT, NOTIFICATION};
        return Stream.of(
                        outside(code, ADAPTER_IN, with(adapters, KAFKA, PORT_IN, MODEL)),
                        outside(code, ADAPTER_OUT, with(adapters, KAFKA, PORT_OUT, MODEL)),
                        outside(code, NOTIFICATION, with(adapters, KAFKA, PORT_OUT, MODEL)),
                        outside(code, HALL, with(adapters, KAFKA)),
                        outside(code, CONSUME, with(adapters, HALL, CONSUME)),
                        outside(code, PRODUCE, with(adapters, KAFKA, PORT_IN, PORT_OUT, MODEL)),
                        outside(code, "kafka.member..", with(adapters, binding("member"))),
                        outside(code, "kafka.order..", with(adapters, binding("order"))))
                .flatMap(List::stream)
                .toList();
    }

    private static String[] binding(String domain) {
        return new String[] {
            HALL, CONSUME, "kafka." + domain + "..", domain + ".application.port.in..", domain + ".model.."
        };
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static List<String> outside(Code code, String room, String... seen) {
        return code.breaking(noClasses()
                .that()
                .resideInAPackage(code.in(room))
                .should()
                .dependOnClassesThat(resideInAPackage(code.in(".")).and(not(resideInAnyPackage(code.in(seen))))));
    }

    static List<String> portsHoldContracts(Code code) {
        Stream<String> classes = code.realClasses()
                .filter(resideInAnyPackage(code.in(PORT_IN, PORT_OUT)))
                // The compiler's own helpers, for instance for a switch over an enum.
                .filter(c -> !c.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(c -> !(c.isInterface()
                        || c.isRecord()
                        || c.isEnum()
                        || c.isSealed()
                        || c.isAssignableTo(Throwable.class)))
                .map(c -> c.getName() + " is a class with behaviour in a room of ports");
        Stream<String> outward = code
                .breaking(noClasses()
                        .that()
                        .resideInAPackage(code.in(PORT_IN))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(code.in(PORT_OUT)))
                .stream();
        return Stream.concat(classes, outward).toList();
    }
}
