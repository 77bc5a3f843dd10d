package mallstream.bootstrap.architecture;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rules of the house, by the numbers of the design. */
final class Rules {
    private static final List<Rule> FIRST_22 = List.of(
            new Rule(1, "Every class has a room", RoomRules::everyClassHasARoom),
            new Rule(2, "Each named room has at least one class", RoomRules::rollCall),
            new Rule(3, "member and order are strangers; packages are free of cycles", RoomRules::strangersAndNoCycles),
            new Rule(4, "No adapter depends on another adapter", RoomRules::adaptersAreStrangers),
            new Rule(
                    5,
                    "Adapters see the ports of their side and the model, and never a service or a reaction",
                    RoomRules::adaptersSeePortsAndModel),
            new Rule(6, "Ports hold contracts only, and port.in does not see port.out", RoomRules::portsHoldContracts),
            new Rule(7, "The model sees the JDK, JSpecify and itself", PurityRules::pureModel),
            new Rule(8, "The application sees what the model sees, and itself", PurityRules::pureApplication),
            new Rule(
                    9,
                    "The database is seen in adapter.out.persistence only, and its entities are package-private",
                    PurityRules::databaseOnlyInPersistence),
            new Rule(10, "Kafka is seen in the kafka house only", PurityRules::kafkaOnlyInKafka),
            new Rule(
                    11,
                    "Web types in adapter.in.web and bootstrap, HTTP clients in notification and adapter.out",
                    PurityRules::webAndClientsInTheirPlaces),
            new Rule(
                    12,
                    "No @Transactional; transactions are opened in adapter.out.persistence only",
                    PurityRules::transactionsByTheUseCase),
            new Rule(
                    13,
                    "Reactions and use cases are annotated, package-private and in their rooms",
                    ConsumerRules::reactionsAndUseCases),
            new Rule(14, "Subscription names are unique and well formed", ConsumerRules::namesOfSubscriptions),
            new Rule(
                    15,
                    "No @KafkaListener; a group id is set in one class and in no settings",
                    ConsumerRules::groupsAreDerived),
            new Rule(
                    16,
                    "Injection by constructor only; components' fields are final",
                    HygieneRules::constructorInjection),
            new Rule(17, "Nothing sleeps or parks", HygieneRules::noSleep),
            new Rule(18, "No threads and no executors without a bound", HygieneRules::noThreadsOfOurOwn),
            new Rule(19, "No unbounded queue; exceptions to 17-19 give a reason", HygieneRules::noUnboundedQueue),
            new Rule(20, "Model and application are handed time and chance", HygieneRules::timeAndChanceAreHandedIn),
            new Rule(
                    21,
                    "No standard streams, no generic exceptions thrown, no mutable field in the model",
                    HygieneRules::noCarelessness),
            new Rule(22, "Every package is @NullMarked", HygieneRules::nullMarked));

    /** All of them, in order. */
    static final List<Rule> ALL =
            Stream.concat(FIRST_22.stream(), Stream.of(bite(FIRST_22))).toList();

    private Rules() {}

    /** @param number 1 to 23 */
    static Rule rule(int number) {
        return ALL.get(number - 1);
    }

    /**
     * The rule about rules. It looks at the fixtures, whatever code it is asked about.
     *
     * @param rules those that must break exactly once on their own fixture
     */
    static Rule bite(List<Rule> rules) {
        return new Rule(
                23,
                "Each rule is broken exactly once by its fixture",
                code -> rules.stream()
                        .map(rule -> Map.entry(rule, rule.violations(Fixtures.of(rule.number()))))
                        .filter(broken -> broken.getValue().size() != 1)
                        .map(broken -> "rule " + broken.getKey().number() + " does not bite once: " + broken.getValue())
                        .toList());
    }
}
