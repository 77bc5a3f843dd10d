package mallstream.member.ports;

import static mallstream.member.ports.Some.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import mallstream.member.model.NoticeTemplate;
import org.junit.jupiter.api.Test;

abstract class NoticeTemplatesContract extends Contract {
    NoticeTemplatesContract(Ports ports) {
        super(ports);
    }

    private NoticeTemplate added(String code, int version) {
        var template = new NoticeTemplate(code, version, "제목 {name}", "본문\n{name}", NOW);
        ports.run(() -> ports.templates().add(template));
        return template;
    }

    @Test
    void a_version_is_found_as_it_was_made() {
        NoticeTemplate first = added("PRIVACY", 1);
        NoticeTemplate second = added("PRIVACY", 2);
        added("OTHER", 3);

        assertThat(inOne(() -> ports.templates().find("PRIVACY", 1))).contains(first);
        assertThat(inOne(() -> ports.templates().find("PRIVACY", 3))).isEmpty();
        assertThat(inOne(() -> ports.templates().versions("PRIVACY"))).containsExactly(second, first);
        assertThat(inOne(() -> ports.templates().versions("NONE"))).isEmpty();
    }

    @Test
    void versions_that_are_made_at_the_same_time_get_numbers_of_their_own() {
        Together.run(Collections.nCopies(4, (Callable<Boolean>) () -> {
            synchronizedWhereNothingElseLocks(() -> ports.run(() -> {
                List<NoticeTemplate> versions = ports.templates().lock("PRIVACY");
                ports.templates().add(new NoticeTemplate("PRIVACY", versions.size() + 1, "s", "b", NOW));
            }));
            return true;
        }));

        assertThat(inOne(() -> ports.templates().versions("PRIVACY")))
                .extracting(NoticeTemplate::version)
                .containsExactly(4, 3, 2, 1);
    }

    /** Transactions in memory end as they begin and lock nothing. */
    private void synchronizedWhereNothingElseLocks(Runnable work) {
        if (ports instanceof Fakes) {
            synchronized (ports) {
                work.run();
            }
        } else {
            work.run();
        }
    }
}
