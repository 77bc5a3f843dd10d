package mallstream.order.adapter.out.shopby;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.order.model.Claim;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.LineStatus;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;

/** What Shopby's codes mean. */
final class ShopbyCodes {
    /** {@code orderStatusType} where it says how far the line is. */
    static final Map<String, LineStatus> STATUSES = Map.ofEntries(
            entry("DEPOSIT_WAIT", Live.CREATED),
            entry("PAY_WAIT", Live.CREATED),
            entry("PAY_DONE", Live.PAID),
            entry("PRODUCT_PREPARE", Live.PREPARING),
            entry("DELIVERY_PREPARE", Live.PREPARING),
            entry("DELIVERY_ING", Live.SHIPPING),
            entry("DELIVERY_DONE", Live.DELIVERED),
            entry("BUY_CONFIRM", Live.CONFIRMED),
            entry("CANCEL_DONE", End.CANCELED),
            entry("RETURN_DONE", End.RETURNED),
            entry("EXCHANGE_DONE", End.EXCHANGED),
            entry("PAY_FAIL", End.ABORTED),
            entry("PAY_CANCEL", End.ABORTED),
            entry("DELETE", End.ABORTED));

    /** {@code orderStatusType} where it stands for a claim and says nothing about fulfilment. */
    static final Map<String, Claim> STATUSES_OF_CLAIMS = Map.of(
            "EXCHANGE_WAIT", new Claim(Kind.EXCHANGE, Stage.WAITING),
            "REFUND_DONE", new Claim(Kind.REFUND, Stage.DONE));

    /** {@code claimStatusType}. */
    static final Map<String, Claim> CLAIMS = Map.ofEntries(
            entry("CANCEL_REQUEST", new Claim(Kind.CANCEL, Stage.REQUESTED)),
            entry("CANCEL_PROC_REQUEST_REFUND", new Claim(Kind.CANCEL, Stage.IN_PROGRESS)),
            entry("CANCEL_PROC_WAITING_REFUND", new Claim(Kind.CANCEL, Stage.IN_PROGRESS)),
            entry("CANCEL_DONE", new Claim(Kind.CANCEL, Stage.DONE)),
            entry("CANCEL_NO_REFUND", new Claim(Kind.CANCEL, Stage.DONE)),
            entry("RETURN_REQUEST", new Claim(Kind.RETURN, Stage.REQUESTED)),
            entry("RETURN_REJECT_REQUEST", new Claim(Kind.RETURN, Stage.REJECTED)),
            entry("RETURN_PROC_BEFORE_RECEIVE", new Claim(Kind.RETURN, Stage.COLLECTING)),
            entry("RETURN_PROC_REQUEST_REFUND", new Claim(Kind.RETURN, Stage.IN_PROGRESS)),
            entry("RETURN_PROC_WAITING_REFUND", new Claim(Kind.RETURN, Stage.IN_PROGRESS)),
            entry("RETURN_REFUND_AMT_ADJUST_REQUESTED", new Claim(Kind.RETURN, Stage.IN_PROGRESS)),
            entry("RETURN_DONE", new Claim(Kind.RETURN, Stage.DONE)),
            entry("RETURN_NO_REFUND", new Claim(Kind.RETURN, Stage.DONE)),
            entry("EXCHANGE_REQUEST", new Claim(Kind.EXCHANGE, Stage.REQUESTED)),
            entry("EXCHANGE_REJECT_REQUEST", new Claim(Kind.EXCHANGE, Stage.REJECTED)),
            entry("EXCHANGE_PROC_BEFORE_RECEIVE", new Claim(Kind.EXCHANGE, Stage.COLLECTING)),
            entry("EXCHANGE_PROC_REQUEST_PAY", new Claim(Kind.EXCHANGE, Stage.IN_PROGRESS)),
            entry("EXCHANGE_PROC_REQUEST_REFUND", new Claim(Kind.EXCHANGE, Stage.IN_PROGRESS)),
            entry("EXCHANGE_PROC_WAITING", new Claim(Kind.EXCHANGE, Stage.WAITING)),
            entry("EXCHANGE_PROC_WAITING_PAY", new Claim(Kind.EXCHANGE, Stage.WAITING)),
            entry("EXCHANGE_PROC_WAITING_REFUND", new Claim(Kind.EXCHANGE, Stage.WAITING)),
            entry("EXCHANGE_DONE", new Claim(Kind.EXCHANGE, Stage.DONE)),
            entry("EXCHANGE_DONE_PAY_DONE", new Claim(Kind.EXCHANGE, Stage.DONE)),
            entry("EXCHANGE_DONE_REFUND_DONE", new Claim(Kind.EXCHANGE, Stage.DONE)));

    /** All of them. */
    static final Set<String> ALL = Stream.of(STATUSES, STATUSES_OF_CLAIMS, CLAIMS)
            .flatMap(codes -> codes.keySet().stream())
            .collect(Collectors.toUnmodifiableSet());

    private ShopbyCodes() {}
}
