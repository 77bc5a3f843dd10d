package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import mallstream.bootstrap.system.FaultTrials.Run;
import mallstream.bootstrap.system.FaultTrials.Trial;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A short one of the {@link FaultTrials}, in every build. {@code -Dtrial.seed} repeats its plan. */
class FaultTrialsIT {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("trial.kill-seconds", 25));

    @Test
    void instances_are_killed_and_frozen_and_everything_is_done_once_and_in_order() throws Exception {
        try (Run run = new Run(Trial.KILLS, FaultTrials.seed(), LENGTH, 0)) {
            assertThat(run.run()).isEmpty();

            // The trial is worth what its check finds. So that nobody puts right what is broken here:
            run.killInstances();
            broken(run, "delete from member.coupon where id = (select id from member.coupon limit 1)");
            found(run, "a member has no coupon, 1 times");
            broken(run, """
                    insert into member.point_entry (lot_id, kind, amount, booked_at)
                    select lot_id, kind, amount, booked_at from member.point_entry limit 1""");
            found(run, "a member has more than one booking of points, 1 times");
            broken(run, """
                    update orders.history set to_status = case to_status when 'PAID' then 'CREATED' else 'PAID' end
                    where to_status in ('CREATED', 'PAID')
                      and order_id = (
                        select order_id from orders.history where to_status = 'PAID' and stream like 'order.%' limit 1)""");
            found(run, "an order's history is wrong, 1 times");
            broken(run, """
                    update orders.history set stream_offset = -1
                    where id = (select max(id) from orders.history where stream like 'order.%')""");
            found(run, "applied inverted");
            broken(run, """
                    update orders.history set source_time = '2020-01-01T00:00:00Z'
                    where id = (select max(id) from orders.history where stream like 'naverpay/%' and kind = 'APPLIED')""");
            found(run, "pulled and applied inverted, 1 times");
            broken(run, """
                    update orders.history set to_status = 'ABORTED'
                    where id = (select max(id) from orders.history where stream like 'naverpay/%' and kind = 'APPLIED')""");
            found(run, "an order's history is wrong, 2 times");
            broken(run, """
                    update orders.line set status = 'ABORTED'
                    where order_id = (select min(order_id) from orders.line)""");
            found(run, "an order's state is wrong, 1 times");
            publish(run, "mallstream.member.points.dlt");
            found(run, "1 dead letters in mallstream.member.points.dlt-");
            publish(run, "order.shopby.changed");
            found(run, "mallstream.order.shopby has a lag of 1");
        }
    }

    private static void broken(Run run, String statement) {
        assertThat(Database.open(run.on()).sql(statement).update()).isPositive();
    }

    private static void publish(Run run, String topic) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", run.on().bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "mall", "{}")).get();
        }
    }

    private static void found(Run run, String problem) {
        assertThat(run.effects().problems()).anySatisfy(each -> assertThat(each).startsWith(problem));
    }
}
