package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import mallstream.kafka.StartRefused;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

class ConsumeSettingsTest {
    private final MockEnvironment environment = new MockEnvironment();
    private final Subscription<?> coupon = Consumers.subscription("coupon", StartPosition.NOW, events -> List.of());
    private final Subscription<?> gift = Consumers.subscription("welcome-gift", StartPosition.NOW, events -> List.of());

    private ConsumeSettings read() {
        return ConsumeSettings.read(
                new Keys(environment, "mallstream.consume"),
                new SubscriptionCatalog(List.of(() -> List.of(coupon, gift))));
    }

    private void variables(Map<String, Object> variables) {
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
    }

    @Test
    void nothing_set_means_all_subscriptions_and_their_own_batch() {
        assertThat(read().runs(coupon)).isTrue();
        assertThat(read().of(gift).bounds().maxSize()).isEqualTo(100);
        assertThat(read().of(gift).bounds().attempts()).isEqualTo(5);
    }

    @Test
    void only_names_what_runs() {
        variables(Map.of("MALLSTREAM_CONSUME_ONLY", "coupon"));
        assertThat(read().runs(coupon)).isTrue();
        assertThat(read().runs(gift)).isFalse();
    }

    @Test
    void an_empty_only_means_all() {
        variables(Map.of("MALLSTREAM_CONSUME_ONLY", ""));
        assertThat(read().runs(gift)).isTrue();
    }

    @Test
    void a_list_may_be_numbered() {
        environment.setProperty("mallstream.consume.only[0]", "coupon");
        environment.setProperty("mallstream.consume.only[1]", "welcome-gift");
        assertThat(read().only()).containsExactlyInAnyOrder("coupon", "welcome-gift");
    }

    @Test
    void a_variable_may_part_words_or_not() {
        variables(Map.of(
                "MALLSTREAM_CONSUME_WELCOMEGIFT_BATCH_MAXSIZE",
                "7",
                "MALLSTREAM_CONSUME_WELCOME_GIFT_BATCH_LINGER",
                "250ms"));
        assertThat(read().of(gift).bounds().maxSize()).isEqualTo(7);
        assertThat(read().of(gift).bounds().linger()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void a_value_out_of_range_is_refused_with_key_value_and_range() {
        environment.setProperty("mallstream.consume.coupon.batch.max-size", "0");
        assertThatThrownBy(this::read)
                .isInstanceOf(StartRefused.class)
                .hasMessage("mallstream.consume.coupon.batch.max-size=0 must be a whole number from 1 to 10000");
    }

    @Test
    void a_value_of_another_kind_is_refused_likewise() {
        environment.setProperty("mallstream.consume.coupon.batch.linger", "soon");
        assertThatThrownBy(this::read)
                .hasMessage("mallstream.consume.coupon.batch.linger=soon must be a duration from 0s to 60s");
    }

    @Test
    void an_unknown_name_in_only_is_refused_with_the_names_that_exist() {
        environment.setProperty("mallstream.consume.only", "coupon,cupon");
        assertThatThrownBy(this::read)
                .hasMessage("mallstream.consume.only=cupon is unknown; subscriptions: coupon, welcome-gift");
    }

    @Test
    void an_unknown_subscription_is_refused() {
        environment.setProperty("mallstream.consume.cupon.attempts", "3");
        assertThatThrownBy(this::read)
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("mallstream.consume.cupon.attempts=3 is unknown;")
                .hasMessageEndingWith("subscriptions: coupon, welcome-gift");
    }

    @Test
    void an_unknown_key_of_a_subscription_is_refused() {
        environment.setProperty("mallstream.consume.coupon.atempts", "3");
        assertThatThrownBy(this::read)
                .hasMessageStartingWith("mallstream.consume.coupon.atempts=3 is unknown;")
                .hasMessageContaining("attempts");
    }

    @Test
    void who_offers_lanes_within_a_key_has_them_unless_told_otherwise_and_nobody_else_can() {
        Subscription<String> offering = new Subscription<>(
                "order",
                "shopby",
                "orders",
                StartPosition.NOW,
                new Subscription.Batch(1, Duration.ZERO),
                received -> "",
                events -> List.of(),
                ConsumeSettingsTest.class,
                true,
                received -> null,
                null);
        SubscriptionCatalog catalog = new SubscriptionCatalog(List.of(() -> List.of(coupon, offering)));
        ConsumeSettings usual = ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog);
        assertThat(usual.of(offering).ordering()).isEqualTo(ConsumeSettings.Ordering.RECORD);
        assertThat(usual.of(coupon).ordering()).isEqualTo(ConsumeSettings.Ordering.KEY);

        environment.setProperty("mallstream.consume.shopby.ordering", "key");
        ConsumeSettings told = ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog);
        assertThat(told.of(offering).ordering()).isEqualTo(ConsumeSettings.Ordering.KEY);

        environment.setProperty("mallstream.consume.coupon.ordering", "record");
        assertThatThrownBy(() -> ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog))
                .hasMessage("mallstream.consume.coupon.ordering=record must be key or none: the subscription offers no"
                        + " lanes within a key");
    }
}
