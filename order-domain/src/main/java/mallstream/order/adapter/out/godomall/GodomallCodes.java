package mallstream.order.adapter.out.godomall;

import static java.util.Map.entry;

import java.util.Map;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Change.Effect.Claims;
import mallstream.order.model.Change.Effect.Refunds;
import mallstream.order.model.Change.Effect.Stands;
import mallstream.order.model.Claim;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.LineStatus;

/** What Godomall's codes mean. One code says it all, so a code of fulfilment also says that no claim is open. */
final class GodomallCodes {
    static final Map<String, Effect> EFFECTS = Map.ofEntries(
            entry("o1", is(LineStatus.CREATED)),
            entry("p1", is(LineStatus.PAID)),
            entry("g1", is(LineStatus.PREPARING)),
            entry("g2", is(LineStatus.PREPARING)),
            entry("g3", is(LineStatus.PREPARING)),
            entry("g4", is(LineStatus.PREPARING)),
            entry("d1", is(LineStatus.SHIPPING)),
            entry("d2", is(LineStatus.DELIVERED)),
            entry("s1", is(LineStatus.CONFIRMED)),
            entry("c1", is(LineStatus.CANCELED)),
            entry("c2", is(LineStatus.CANCELED)),
            entry("c3", is(LineStatus.CANCELED)),
            entry("c4", claims(Kind.CANCEL, Stage.REQUESTED)),
            entry("f1", is(LineStatus.ABORTED)),
            entry("f2", is(LineStatus.ABORTED)),
            entry("f3", is(LineStatus.ABORTED)),
            entry("f4", is(LineStatus.ABORTED)),
            entry("b1", claims(Kind.RETURN, Stage.REQUESTED)),
            entry("b2", claims(Kind.RETURN, Stage.COLLECTING)),
            entry("b3", claims(Kind.RETURN, Stage.HELD)),
            entry("b4", claims(Kind.RETURN, Stage.COLLECTED)),
            entry("e1", claims(Kind.EXCHANGE, Stage.REQUESTED)),
            entry("e2", claims(Kind.EXCHANGE, Stage.COLLECTING)),
            entry("e3", claims(Kind.EXCHANGE, Stage.RESENDING)),
            entry("e4", claims(Kind.EXCHANGE, Stage.HELD)),
            entry("e5", new Stands(LineStatus.EXCHANGED, new Claim(Kind.EXCHANGE, Stage.DONE))),
            entry("r1", claims(Kind.REFUND, Stage.REQUESTED)),
            entry("r2", claims(Kind.REFUND, Stage.HELD)),
            entry("r3", new Refunds()),
            // The extra line that an exchange brings; it has a number of its own.
            entry("z1", is(LineStatus.CREATED)),
            entry("z2", is(LineStatus.PAID)),
            entry("z3", is(LineStatus.SHIPPING)),
            entry("z4", is(LineStatus.DELIVERED)),
            entry("z5", is(LineStatus.EXCHANGED)));

    private GodomallCodes() {}

    private static Effect is(LineStatus status) {
        return new Stands(status, null);
    }

    private static Effect claims(Kind kind, Stage stage) {
        return new Claims(new Claim(kind, stage));
    }
}
