package mallstream.member.ports;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that behaves as its documentation says: it takes what it is given, again if it is given again, tells by call
 * what it took, and loses an answer now and then.
 */
public final class StandInGateway implements SendNotices {
    /** What happens to a call. */
    public enum Fate {
        /** Taken and answered. */
        ANSWERED,
        /** Taken, and the answer is lost. */
        ANSWER_LOST,
        /** Lost on the way, which nobody can tell from a lost answer. */
        REQUEST_LOST,
        /** Certainly not taken. */
        REFUSED,
        /** The sender dies before the call. */
        KILLED_BEFORE,
        /** Taken, and the sender dies before it hears of it. */
        KILLED_AFTER
    }

    /** The sender dies here. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final NoticeChannel channel;
    private final int most;
    private final Map<UUID, Map<UUID, Result>> taken = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> messages = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Notice> calls = new ConcurrentLinkedQueue<>();
    private volatile Function<Notice, Fate> fate = notice -> Fate.ANSWERED;
    private volatile Function<Recipient, Result> result = recipient -> new Result.Accepted("request-1");
    private volatile Consumer<Notice> before = notice -> {};
    private volatile boolean canBeAsked = true;
    private volatile boolean knows = true;
    private volatile @Nullable Result answer;

    /** One that takes so many in a call. */
    public StandInGateway(NoticeChannel channel, int most) {
        this.channel = channel;
        this.most = most;
    }

    /** Decides what happens to calls from now on. */
    public void fate(Fate next) {
        fate = notice -> next;
    }

    /** Decides it by the call. */
    public void fate(Function<Notice, Fate> next) {
        fate = next;
    }

    /** Decides what becomes of recipients from now on. */
    public void result(Function<Recipient, Result> next) {
        result = next;
    }

    /** Runs before each call. */
    public void before(Consumer<Notice> next) {
        before = next;
    }

    /** Whether look-ups work. */
    public void canBeAsked(boolean can) {
        canBeAsked = can;
    }

    /** Whether the channel keeps what it took. */
    public void knows(boolean does) {
        knows = does;
    }

    /** What look-ups say of everybody; {@code null} for the truth. */
    public void lookUpSays(@Nullable Result next) {
        answer = next;
    }

    /** Calls that reached it or were lost on their way. */
    public List<Notice> calls() {
        return List.copyOf(calls);
    }

    /** How many messages it took for each row. */
    public Map<UUID, Integer> messages() {
        return Map.copyOf(messages);
    }

    @Override
    public NoticeChannel channel() {
        return channel;
    }

    @Override
    public int most() {
        return most;
    }

    @Override
    public List<Result> send(Notice notice) {
        before.accept(notice);
        Fate next = fate.apply(notice);
        if (next == Fate.KILLED_BEFORE) {
            throw new Killed();
        }
        if (next == Fate.REFUSED) {
            throw new Unavailable("gateway", new IOException("HTTP status 429"));
        }
        calls.add(notice);
        List<Result> results = notice.recipients().stream().map(result).toList();
        if (next != Fate.REQUEST_LOST) {
            take(notice, results);
        }
        return switch (next) {
            case ANSWERED -> results;
            case KILLED_AFTER -> throw new Killed();
            default ->
                notice.recipients().stream()
                        .<Result>map(recipient -> new Result.Unknown())
                        .toList();
        };
    }

    private void take(Notice notice, List<Result> results) {
        var rows = new LinkedHashMap<UUID, Result>();
        for (int i = 0; i < results.size(); i++) {
            UUID row = notice.recipients().get(i).rowId();
            rows.put(row, results.get(i));
            if (results.get(i) instanceof Result.Accepted) {
                messages.merge(row, 1, Integer::sum);
            }
        }
        if (taken.putIfAbsent(notice.callId(), rows) != null) {
            throw new IllegalStateException("a call id was used twice");
        }
    }

    @Override
    public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
        if (!knows) {
            return Optional.empty();
        }
        if (!canBeAsked) {
            throw new Unavailable("gateway", new IOException("no answer"));
        }
        Map<UUID, Result> rows = taken.getOrDefault(callId, Map.of());
        Result same = answer;
        return Optional.of(same == null ? rows : rows.keySet().stream().collect(toMap(row -> row, row -> same)));
    }
}
