package mallstream.member.adapter.in.web;

import mallstream.member.model.Discount;
import mallstream.member.model.InvalidValue;
import org.jspecify.annotations.Nullable;

/** A discount in JSON: percent, with or without cap, or amount. */
record DiscountBody(
        @Nullable Integer percent,
        @Nullable Long cap,
        @Nullable Long amount) {
    static DiscountBody of(Discount discount) {
        return switch (discount) {
            case Discount.Percent percent -> new DiscountBody(percent.percent(), percent.cap(), null);
            case Discount.Amount amount -> new DiscountBody(null, null, amount.won());
        };
    }

    Discount toDiscount() {
        if (percent != null && amount == null) {
            return new Discount.Percent(percent, cap);
        }
        if (amount == null || percent != null) {
            throw new InvalidValue("percent", "must be present, or else amount, and not both");
        }
        if (cap != null) {
            throw new InvalidValue("cap", "goes with percent only");
        }
        return new Discount.Amount(amount);
    }
}
