package mallstream.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the product to the rules of the house. */
class ArchitectureTest {
    private static final Code PRODUCT = Code.product();

    @ParameterizedTest
    @FieldSource("mallstream.bootstrap.architecture.Rules#ALL")
    void the_product_keeps_rule(Rule rule) {
        assertThat(rule.violations(PRODUCT)).as("%s", rule).isEmpty();
    }

    @Test
    void one_class_sets_group_ids() {
        // With none, rule 15 would be green because it looks in the wrong places.
        assertThat(ConsumerRules.groupSetters(PRODUCT)).hasSize(1);
    }

    @Test
    void all_modules_are_looked_at_and_no_test_is() {
        assertThat(PRODUCT.classes().contain("mallstream.member.model.MemberId"))
                .isTrue();
        assertThat(PRODUCT.classes().contain("mallstream.kafka.consume.ConsumerGroupId"))
                .isTrue();
        assertThat(PRODUCT.classes().contain(Rule.class)).isFalse();
        assertThat(PRODUCT.settings()).extracting(Code.Setting::file).contains("application.yaml");
    }
}
