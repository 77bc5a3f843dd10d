package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mallstream.kafka.StartRefused;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.junit.jupiter.api.Test;

class SubscriptionCatalogTest {

    private static Subscription<?> subscription(String domain, String name, Class<?> owner) {
        Subscription<String> any = Consumers.subscription(name, StartPosition.NOW, events -> List.of());
        return new Subscription<>(
                domain, name, any.topic(), any.startsAt(), any.batch(), any.decoder(), any.handler(), owner);
    }

    @Test
    void two_subscriptions_with_one_group_are_refused_and_both_classes_named() {
        assertThatThrownBy(() -> new SubscriptionCatalog(List.of(
                        () -> List.of(subscription("member", "coupon", String.class)),
                        () -> List.of(subscription("member", "coupon", Integer.class)))))
                .isInstanceOf(StartRefused.class)
                .hasMessage("two subscriptions have the group mallstream.member.coupon: java.lang.String and"
                        + " java.lang.Integer; give one of them another name");
    }

    @Test
    void two_subscriptions_with_one_name_are_refused_though_their_groups_differ() {
        assertThatThrownBy(() -> new SubscriptionCatalog(List.of(() -> List.of(
                        subscription("member", "coupon", String.class),
                        subscription("order", "coupon", Integer.class)))))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("two subscriptions have the name coupon: java.lang.String and");
    }

    @Test
    void a_name_that_could_blur_groups_is_refused() {
        assertThatThrownBy(() ->
                        new SubscriptionCatalog(List.of(() -> List.of(subscription("member", "a.b", String.class)))))
                .hasMessageContaining("a.b");
    }

    @Test
    void subscriptions_are_listed_by_name() {
        assertThat(new SubscriptionCatalog(List.of(() -> List.of(
                                subscription("order", "shopby", String.class),
                                subscription("member", "coupon", Integer.class))))
                        .all())
                .extracting(Subscription::name)
                .containsExactly("coupon", "shopby");
    }
}
