package mallstream.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that each rule finds what it forbids, once and by name, and nothing else. */
class BitesTest {
    private static final Code CLEAN = Fixtures.clean();

    @Test
    void there_are_23_rules_in_order() {
        assertThat(Rules.ALL)
                .extracting(Rule::number)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 23).boxed().toList());
    }

    @ParameterizedTest
    @FieldSource("mallstream.bootstrap.architecture.Rules#ALL")
    void a_clean_house_keeps_rule(Rule rule) {
        assertThat(rule.violations(CLEAN)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("culprits")
    void a_fixture_breaks_its_rule_once_and_no_other(int number, String culprit) {
        Code fixture = Fixtures.of(number);

        assertThat(Rules.rule(number).violations(fixture))
                .singleElement()
                .asString()
                .contains(culprit);
        assertOthersHold(number, fixture);
    }

    static Stream<Arguments> culprits() {
        return Stream.of(
                arguments(1, "fixture.rule01.member.util.Strings"),
                arguments(2, "fixture.clean.order.adapter.out.shopby"),
                arguments(3, "OrdersOfMember.show("),
                arguments(4, "MemberController.show("),
                arguments(5, "MemberController.signUp("),
                arguments(6, "SignUpHelper"),
                arguments(7, "MemberId.isBlank()"),
                arguments(8, "SigningUp.signUp("),
                arguments(9, "MemberController.show("),
                arguments(10, "Notices.createTopic("),
                arguments(11, "Notices.answer()"),
                arguments(12, "JpaMembers.add()"),
                arguments(13, "CouponReaction is a @Reaction and public"),
                arguments(14, "CouponReaction and fixture.rule14.member.application.reaction.GiftReaction"),
                arguments(15, "Listener.on("),
                arguments(16, "Composition.use("),
                arguments(17, "Backoff.pause()"),
                arguments(18, "Notices.sender("),
                arguments(19, "Lane.waiting()"),
                arguments(20, "Coupon.isExpired()"),
                arguments(21, "Composition.greet()"),
                arguments(22, "fixture.rule22.member.model"));
    }

    @Test
    void a_rule_without_teeth_breaks_rule_23() {
        Rule toothless = new Rule(7, "Nothing is ever wrong", code -> List.of());

        assertThat(Rules.bite(List.of(Rules.rule(1), toothless)).violations(CLEAN))
                .singleElement()
                .asString()
                .contains("rule 7 does not bite once: []");
    }

    @ParameterizedTest
    @FieldSource("mallstream.bootstrap.architecture.RoomRules#ROLL")
    void each_empty_room_is_missed_at_the_roll_call(String room) {
        assertThat(Rules.rule(2).violations(CLEAN.without(room))).containsExactly("no class in fixture.clean." + room);
    }

    /** Every clause of a rule, and beside them what looks alike and is allowed. */
    @ParameterizedTest
    @MethodSource("forms")
    void each_form_of_a_violation_is_found(int number, List<String> culprits) {
        List<String> violations = Rules.rule(number).violations(Fixtures.tree("forms%02d".formatted(number)));

        SoftAssertions.assertSoftly(each -> {
            for (String culprit : culprits) {
                each.assertThat(violations)
                        .filteredOn(line -> line.contains(culprit))
                        .as(culprit)
                        .hasSize(1);
            }
            each.assertThat(violations).hasSameSizeAs(culprits);
        });
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                arguments(3, List.of("Cycle detected", "orderSeesMember(")),
                arguments(4, List.of("oneChannelSeesAnother(", "kafkaSeesNotification(", "notificationSeesAPage(")),
                arguments(
                        5,
                        List.of(
                                "inAdapterSeesOutPort(",
                                "outAdapterSeesInPort(",
                                "notificationSeesInPort(",
                                "engineSeesADomain(",
                                "hallSeesADomain(",
                                "producerSeesAReaction(",
                                "bindingSeesOutPort(",
                                "bindingSeesTheOtherDomain(",
                                "adapterSeesBootstrap(")),
                arguments(6, List.of("inPortSeesOutPort(", "Members$Rows", "Members$Yes")),
                arguments(7, List.of("modelSeesTheDatabase(", "modelSeesItsPort(")),
                arguments(8, List.of("Reacting", "portSeesTheDatabase(", "serviceSeesAnAdapter(")),
                arguments(9, List.of("MemberRow", "seesJdbc(", "seesJpa(", "seesSpringData(")),
                arguments(10, List.of("seesSpringKafka(", "seesBootKafka(")),
                arguments(11, List.of("seesAClient(", "seesSpringsClient(", "seesAUrl(", "seesServlets(")),
                arguments(12, List.of("opensTransactions(", "persistence.Rows")),
                arguments(
                        13,
                        List.of(
                                "Unannotated implements an in-port and is no @Reaction",
                                "Mute is a @Reaction and implements no in-port",
                                "Stray is a @Reaction outside application.reaction",
                                "Bare implements an in-port and is no @UseCase",
                                "Open is a @UseCase and public",
                                "Idle is a @UseCase and implements no in-port",
                                "Lost is a @UseCase outside application.service")),
                arguments(
                        14,
                        List.of(
                                "'welcome.gift'",
                                "'Gift'",
                                "''",
                                "GodomallReaction and fixture.forms14.kafka.order.OrderBindings")),
                arguments(
                        15,
                        List.of(
                                "bootstrap.Settings and fixture.forms15.kafka.consume.Computed"
                                        + " and fixture.forms15.kafka.consume.Containers"
                                        + " and fixture.forms15.kafka.consume.Engine"
                                        + " and fixture.forms15.kafka.consume.Factory",
                                "config/application.yml sets spring.kafka.consumer.group-id",
                                "other.properties sets")),
                arguments(
                        16,
                        List.of(
                                "Composition.autowired",
                                "Composition.value",
                                "Composition.entities",
                                "SigningUp.counted",
                                "OrderController.instances")),
                arguments(
                        17, List.of("sleepsByDuration()", "sleepsByUnit()", "parksByReference()", "sleepsInALambda()")),
                arguments(
                        18,
                        List.of(
                                "threadByReference(",
                                "ThreadBySubclass",
                                "virtualThread(",
                                "virtualBuilder(",
                                "executors(",
                                "commonPool(",
                                "supplyAsync(",
                                "thenAsync(",
                                "parallelStream()> references",
                                "parallel(java.util.List)",
                                "parallelSort([I)",
                                "timer(",
                                "unlimited(",
                                "unboundedQueue(",
                                "boundless(",
                                "annotated(")),
                arguments(
                        19,
                        List.of(
                                "queueByReference(",
                                "queueOfACollection(",
                                "deque(",
                                "byPriority(",
                                "linked(",
                                "linkedDeque(",
                                "transfer(",
                                "delay(",
                                "scheduled(",
                                "withoutReason()> is @Permitted without a reason")),
                arguments(
                        20,
                        List.of(
                                "nowByReference(",
                                "nowInAZone(",
                                "millis(",
                                "nanos(",
                                "date(",
                                "systemClock(",
                                "newRandom(",
                                "newSecureRandom(",
                                "threadLocal(",
                                "anyGenerator(",
                                "ofMath(",
                                "randomId(",
                                "shuffled(")),
                arguments(
                        21,
                        List.of(
                                "Coupon.uses",
                                "Coupon.issued",
                                "throwsRuntimeException(",
                                "throwsException(",
                                "printsTheStack(",
                                "printsAnError(")));
    }

    /** A small tree has few rooms, so the roll is not called in it; rule 23 is about rules and not about trees. */
    private static void assertOthersHold(int broken, Code fixture) {
        SoftAssertions.assertSoftly(each -> Rules.ALL.stream()
                .filter(rule -> rule.number() != broken && rule.number() != 2 && rule.number() != 23)
                .forEach(rule ->
                        each.assertThat(rule.violations(fixture)).as("%s", rule).isEmpty()));
    }
}
