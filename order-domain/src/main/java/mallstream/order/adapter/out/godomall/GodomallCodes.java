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
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;

/** What Godomall's codes mean. One code says it all, so a code of fulfilment also says that no claim is open. */
final class GodomallCodes {
    static final Map<String, Effect> EFFECTS = Map.ofEntries(
            entry("o1", is(Live.CREATED)),
            entry("p1", is(Live.PAID)),
            entry("g1", is(Live.PREPARING)),
            entry("g2", is(Live.PREPARING)),
            entry("g3", is(Live.PREPARING)),
            entry("g4", is(Live.PREPARING)),
            entry("d1", is(Live.SHIPPING)),
            entry("d2", is(Live.DELIVERED)),
            entry("s1", is(Live.CONFIRMED)),
            entry("c1", is(End.CANCELED)),
            entry("c2", is(End.CANCELED)),
            entry("c3", is(End.CANCELED)),
            entry("c4", claims(Kind.CANCEL, Stage.REQUESTED)),
            entry("f1", is(End.ABORTED)),
            entry("f2", is(End.ABORTED)),
            entry("f3", is(End.ABORTED)),
            entry("f4", is(End.ABORTED)),
            entry("b1", claims(Kind.RETURN, Stage.REQUESTED)),
            entry("b2", claims(Kind.RETURN, Stage.COLLECTING)),
            entry("b3", claims(Kind.RETURN, Stage.HELD)),
            entry("b4", claims(Kind.RETURN, Stage.COLLECTED)),
            entry("e1", claims(Kind.EXCHANGE, Stage.REQUESTED)),
            entry("e2", claims(Kind.EXCHANGE, Stage.COLLECTING)),
            entry("e3", claims(Kind.EXCHANGE, Stage.RESENDING)),
            entry("e4", claims(Kind.EXCHANGE, Stage.HELD)),
            entry("e5", new Stands(End.EXCHANGED, new Claim(Kind.EXCHANGE, Stage.DONE))),
            entry("r1", claims(Kind.REFUND, Stage.REQUESTED)),
            entry("r2", claims(Kind.REFUND, Stage.HELD)),
            entry("r3", new Refunds()),
            // The extra line that an exchange brings; it has a number of its own.
            entry("z1", is(Live.CREATED)),
            entry("z2", is(Live.PAID)),
            entry("z3", is(Live.SHIPPING)),
            entry("z4", is(Live.DELIVERED)),
            entry("z5", is(End.EXCHANGED)));

    private GodomallCodes() {}

    private static Effect is(LineStatus status) {
        return new Stands(status, null);
    }

    private static Effect claims(Kind kind, Stage stage) {
        return new Claims(new Claim(kind, stage));
    }
}
