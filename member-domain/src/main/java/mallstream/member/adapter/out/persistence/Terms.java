package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import mallstream.member.model.Discount;
import org.jspecify.annotations.Nullable;

/** How a discount stands in columns. For jars that know percent only, an amount is all of the price, capped. */
record Terms(int percent, @Nullable Long amount, @Nullable Long cap) {
    static Terms of(Discount discount) {
        return switch (discount) {
            case Discount.Percent percent -> new Terms(percent.percent(), null, percent.cap());
            case Discount.Amount amount -> new Terms(100, amount.won(), null);
        };
    }

    static Discount discount(ResultSet row) throws SQLException {
        @Nullable Long amount = row.getObject("amount", Long.class);
        return amount == null
                ? new Discount.Percent(row.getInt("percent"), row.getObject("cap", Long.class))
                : new Discount.Amount(amount);
    }
}
