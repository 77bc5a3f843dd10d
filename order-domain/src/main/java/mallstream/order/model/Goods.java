package mallstream.order.model;

import org.jspecify.annotations.Nullable;

/**
 * What a line is of, as far as its channel says.
 *
 * @param productNo the channel's number of the product
 * @param quantity how many
 * @param unitPrice what one costs
 * @param amount what the line costs in all
 */
public record Goods(
        @Nullable String productNo,
        @Nullable Integer quantity,
        @Nullable Won unitPrice,
        @Nullable Won amount) {
    /** Nothing is known. */
    public static final Goods UNKNOWN = new Goods(null, null, null, null);

    /** These, and what they leave open as it was said before. */
    Goods after(Goods before) {
        return new Goods(
                productNo == null ? before.productNo : productNo,
                quantity == null ? before.quantity : quantity,
                unitPrice == null ? before.unitPrice : unitPrice,
                amount == null ? before.amount : amount);
    }
}
