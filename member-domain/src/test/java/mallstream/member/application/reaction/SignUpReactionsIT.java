package mallstream.member.application.reaction;

import static mallstream.member.ports.Some.BENEFITS;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.signUp;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import mallstream.member.application.port.in.Outcome.Done;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.Test;

class SignUpReactionsIT {
    private static final int BATCH = 500;

    private final Database database = Database.emptied();
    private final SignUpReaction coupon = new CouponReaction(
            database.transactions(), database.coupons(), database.policies(), BENEFITS, Clock.systemUTC(), RANDOM);
    private final SignUpReaction points =
            new PointsReaction(database.transactions(), database.points(), BENEFITS, Clock.systemUTC(), RANDOM);

    @Test
    void ten_thousand_sign_ups_published_twice_give_ten_thousand_coupons_and_grants() {
        List<MemberSignedUp> first =
                Stream.generate(() -> signUp(MALL)).limit(10_000).toList();
        var again = new ArrayList<>(
                first.stream().map(event -> signUp(Granted.keyOf(event))).toList());
        Collections.shuffle(again, new Random(1));

        List<Long> done = Together.run(List.of(
                () -> handle(coupon, first),
                () -> handle(coupon, again),
                () -> handle(points, first),
                () -> handle(points, again)));

        assertThat(done.get(0) + done.get(1)).isEqualTo(10_000);
        assertThat(done.get(2) + done.get(3)).isEqualTo(10_000);
        assertThat(database.count("coupon")).isEqualTo(10_000);
        assertThat(database.count("point_lot")).isEqualTo(10_000);
        assertThat(database.count("point_entry")).isEqualTo(10_000);
        assertThat(database.jdbc()
                        .sql("select sum(amount) from member.point_entry where kind = 'GRANT'")
                        .query(Long.class)
                        .single())
                .isEqualTo(50_000_000);
    }

    private static long handle(SignUpReaction reaction, List<MemberSignedUp> events) {
        long done = 0;
        for (int from = 0; from < events.size(); from += BATCH) {
            done += reaction.on(events.subList(from, from + BATCH)).stream()
                    .filter(new Done()::equals)
                    .count();
        }
        return done;
    }
}
