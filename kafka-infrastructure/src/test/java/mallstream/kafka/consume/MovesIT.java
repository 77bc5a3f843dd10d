package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import mallstream.kafka.consume.ConsumerControl.Conflict;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.Move;
import mallstream.kafka.consume.ConsumerControl.OffsetTarget;
import mallstream.kafka.consume.core.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** An operator moves a group while its members stay in it. */
@SuppressWarnings("try") // An instance runs as long as its block.
class MovesIT {

    @Test
    void a_rewind_is_followed_by_whichever_instance_has_the_partition(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(40, 2);
        Book one = new Book();
        Book other = new Book();
        try (Consumers answers = stage.start(one);
                Consumers peer = stage.start(other)) {
            answers.serving(stage.topic, 1);
            peer.serving(stage.topic, 1);
            stage.awaitCommitted();
            assertThat(one.done.size() + other.done.size()).isEqualTo(40);

            answers.control.pause(stage.topic, "operator");
            for (int partition = 0; partition < 2; partition++) {
                OffsetTarget target = new OffsetTarget(partition, 5L, null);
                assertThat(answers.control.offsets(stage.topic, target, true, "operator"))
                        .containsExactly(new Move(partition, 20L, 5, 15));
                assertThat(stands(stage, partition)).isEqualTo(20);
                answers.control.offsets(stage.topic, target, false, "operator");
                assertThat(stands(stage, partition)).isEqualTo(5);
            }
            assertThat(one.done.size() + other.done.size()).isEqualTo(40);
            answers.control.resume(stage.topic, "operator");
            stage.awaitCommitted();
            assertThat(one.done.size() + other.done.size()).isEqualTo(70);
            assertThat(answers.running(stage.topic).partitions()).isEqualTo(1);
        }
        Book again = new Book();
        try (Consumers later = stage.start(again)) {
            later.serving(stage.topic, 2);
            stage.send(2, 2);
            await("new ones").atMost(Stage.PATIENCE).until(() -> again.done.size() == 2);
        }
    }

    @Test
    void a_skip_to_a_time_leaves_out_what_came_before_it(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        Book book = new Book();
        try (Consumers running = stage.start(book)) {
            running.serving(stage.topic, 1);
            running.control.pause(stage.topic, "operator");
            stage.send(10, 1);
            // Nothing is as late, so it is the end of the topic.
            Instant later = Instant.now().plusSeconds(3600);
            assertThat(running.control.offsets(stage.topic, new OffsetTarget(null, null, later), false, "operator"))
                    .singleElement()
                    .extracting(Move::to)
                    .isEqualTo(10L);
            running.control.resume(stage.topic, "operator");
            stage.send(3, 1);
            stage.awaitCommitted();
            assertThat(book.done).containsExactlyInAnyOrder("key-10:10", "key-11:11", "key-12:12");
        }
    }

    @Test
    void what_cannot_be_followed_is_refused_and_moves_nothing(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(10, 1);
        try (Consumers running = stage.start(new Book())) {
            stage.awaitCommitted();
            assertThatThrownBy(() ->
                            running.control.offsets(stage.topic, new OffsetTarget(0, 5L, null), false, "operator"))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("pause");
            running.control.pause(stage.topic, "operator");
            assertThatThrownBy(() ->
                            running.control.offsets(stage.topic, new OffsetTarget(0, 11L, null), false, "operator"))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("to: is 11, the topic holds 0 to 10");
            assertThatThrownBy(() ->
                            running.control.offsets(stage.topic, new OffsetTarget(1, 5L, null), false, "operator"))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("partition: is 1, must be 0 to 0");
            assertThatThrownBy(() ->
                            running.control.offsets(stage.topic, new OffsetTarget(null, 5L, null), false, "operator"))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("partition: ");
            assertThatThrownBy(() ->
                            running.control.offsets(stage.topic, new OffsetTarget(0, null, null), false, "operator"))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("to: ");
            assertThat(stands(stage, 0)).isEqualTo(10);
        }
    }

    private static long stands(Stage stage, int partition) {
        Progress found = stage.progress().get(partition);
        return found == null ? -1 : found.frontier();
    }
}
