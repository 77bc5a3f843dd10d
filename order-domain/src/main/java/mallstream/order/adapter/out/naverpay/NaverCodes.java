package mallstream.order.adapter.out.naverpay;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.LineStatus;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;

/** What Naver's codes mean. */
final class NaverCodes {
    /** {@code productOrderStatus}. No code says that a line is got ready: that is {@code PAYED} with a confirmed order. */
    static final Map<String, LineStatus> STATUSES = Map.of(
            "PAYMENT_WAITING", Live.CREATED,
            "PAYED", Live.PAID,
            "DELIVERING", Live.SHIPPING,
            "DELIVERED", Live.DELIVERED,
            "PURCHASE_DECIDED", Live.CONFIRMED,
            "EXCHANGED", End.EXCHANGED,
            "CANCELED", End.CANCELED,
            "RETURNED", End.RETURNED,
            "CANCELED_BY_NOPAYMENT", End.CANCELED);

    /** {@code placeOrderStatus}: what a line that is paid stands at. */
    static final Map<String, LineStatus> CONFIRMATIONS =
            Map.of("OK", Live.PREPARING, "NOT_YET", Live.PAID, "CANCEL", Live.PAID);

    /** {@code claimType}. Who calls off changes nothing for the line, so an administrator's cancel is one. */
    static final Map<String, Kind> KINDS = Map.of(
            "CANCEL", Kind.CANCEL,
            "ADMIN_CANCEL", Kind.CANCEL,
            "RETURN", Kind.RETURN,
            "EXCHANGE", Kind.EXCHANGE,
            "PURCHASE_DECISION_HOLDBACK", Kind.HOLDBACK);

    /** {@code claimStatus}. */
    static final Map<String, Stage> STAGES = Map.ofEntries(
            entry("CANCEL_REQUEST", Stage.REQUESTED),
            entry("CANCELING", Stage.IN_PROGRESS),
            entry("CANCEL_DONE", Stage.DONE),
            entry("CANCEL_REJECT", Stage.REJECTED),
            entry("RETURN_REQUEST", Stage.REQUESTED),
            entry("EXCHANGE_REQUEST", Stage.REQUESTED),
            entry("COLLECTING", Stage.COLLECTING),
            entry("COLLECT_DONE", Stage.COLLECTED),
            entry("EXCHANGE_REDELIVERING", Stage.RESENDING),
            entry("RETURN_DONE", Stage.DONE),
            entry("EXCHANGE_DONE", Stage.DONE),
            entry("RETURN_REJECT", Stage.REJECTED),
            entry("EXCHANGE_REJECT", Stage.REJECTED),
            entry("PURCHASE_DECISION_HOLDBACK", Stage.HELD),
            entry("PURCHASE_DECISION_REQUEST", Stage.REQUESTED),
            entry("PURCHASE_DECISION_HOLDBACK_RELEASE", Stage.DONE),
            entry("ADMIN_CANCELING", Stage.IN_PROGRESS),
            entry("ADMIN_CANCEL_DONE", Stage.DONE),
            entry("ADMIN_CANCEL_REJECT", Stage.REJECTED));

    /** All of them. */
    static final Set<String> ALL = Stream.of(STATUSES, CONFIRMATIONS, KINDS, STAGES)
            .flatMap(codes -> codes.keySet().stream())
            .collect(Collectors.toUnmodifiableSet());

    private NaverCodes() {}
}
