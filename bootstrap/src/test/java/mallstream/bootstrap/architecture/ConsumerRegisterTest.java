package mallstream.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps docs/consumers.md in step with the code, and shows that it notices what it must. */
class ConsumerRegisterTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);
    private static final Subscriptions.Declared COUPON =
            new Subscriptions.Declared("member", "coupon", "member.signed-up", "a.b.CouponReaction");
    private static final Subscriptions.Declared GIFT =
            new Subscriptions.Declared("member", "gift", "member.signed-up", "a.b.GiftReaction");
    private static final String HEAD = """
            # Consumer groups

            | group | topic | class | since | state |
            |---|---|---|---|---|
            """;
    private static final String COUPON_LINE =
            "| mallstream.member.coupon | member.signed-up | CouponReaction | 2026-01-01 | live |\n";
    private static final String TAIL = "\nA last word.\n";

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void place() {
        file = folder.resolve("consumers.md");
    }

    @Test
    void every_group_of_the_product_is_listed() throws IOException {
        List<Subscriptions.Declared> declared = Subscriptions.of(Code.product());

        assertThat(declared)
                .allSatisfy(subscription -> assertThat(subscription.topic())
                        .as("%s listens to a port that Subscriptions knows no topic for", subscription.owner())
                        .isNotEmpty());
        assertThat(new ConsumerRegister(docs().resolve("consumers.md")).update(declared, LocalDate.now(ZoneOffset.UTC)))
                .isEmpty();
    }

    /** The tests run in a module's folder, an editor may run them above it. */
    private static Path docs() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .map(folder -> folder.resolve("docs"))
                .filter(docs -> Files.exists(docs.resolve("consumers.md")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_new_group_gets_a_line_at_the_end_of_the_table() throws IOException {
        assertThat(update(HEAD + COUPON_LINE + TAIL, COUPON, GIFT)).isEmpty();

        assertThat(file)
                .hasContent(HEAD + COUPON_LINE
                        + "| mallstream.member.gift | member.signed-up | GiftReaction | 2026-03-01 | live |\n" + TAIL);
    }

    @Test
    void a_list_in_step_is_left_as_it_is() throws IOException {
        assertThat(update(HEAD + COUPON_LINE + TAIL, COUPON)).isEmpty();

        assertThat(file).hasContent(HEAD + COUPON_LINE + TAIL);
    }

    @Test
    void a_live_group_that_vanished_is_named_with_the_way_to_retire_it() throws IOException {
        assertThat(update(HEAD + COUPON_LINE))
                .singleElement()
                .asString()
                .contains("mallstream.member.coupon", "CouponReaction", "'retired'", "--delete --group");
        assertThat(file).hasContent(HEAD + COUPON_LINE);
    }

    @Test
    void a_changed_name_leaves_its_old_group_to_be_decided_on() throws IOException {
        Subscriptions.Declared renamed =
                new Subscriptions.Declared("member", "coupons", "member.signed-up", "a.b.CouponReaction");

        assertThat(update(HEAD + COUPON_LINE, renamed))
                .singleElement()
                .asString()
                .contains("mallstream.member.coupon ");
    }

    @Test
    void a_retired_group_may_be_gone() throws IOException {
        assertThat(update(HEAD + COUPON_LINE.replace("live", "retired"))).isEmpty();
    }

    @Test
    void a_retired_name_is_never_used_again() throws IOException {
        assertThat(update(HEAD + COUPON_LINE.replace("live", "retired"), COUPON))
                .singleElement()
                .asString()
                .contains("mallstream.member.coupon is retired", "a.b.CouponReaction");
    }

    @Test
    void a_state_that_does_not_exist_is_no_way_out() throws IOException {
        assertThat(update(HEAD + COUPON_LINE.replace("live", "paused")))
                .singleElement()
                .asString()
                .contains("'paused'");
    }

    @Test
    void a_renamed_class_keeps_group_and_date() throws IOException {
        assertThat(update(
                        HEAD + COUPON_LINE,
                        new Subscriptions.Declared("member", "coupon", "member.signed-up", "a.b.GrantCoupon")))
                .isEmpty();

        assertThat(file).hasContent(HEAD + COUPON_LINE.replace("CouponReaction", "GrantCoupon"));
    }

    @Test
    void a_class_that_copies_a_name_does_not_take_over_the_line() throws IOException {
        Subscriptions.Declared copy =
                new Subscriptions.Declared("member", "coupon", "member.signed-up", "a.b.AnotherReaction");

        assertThat(update(HEAD + COUPON_LINE, copy, COUPON)).isEmpty();

        assertThat(file).hasContent(HEAD + COUPON_LINE);
    }

    private List<String> update(String content, Subscriptions.Declared... declared) throws IOException {
        Files.writeString(file, content);
        return new ConsumerRegister(file).update(List.of(declared), TODAY);
    }
}
