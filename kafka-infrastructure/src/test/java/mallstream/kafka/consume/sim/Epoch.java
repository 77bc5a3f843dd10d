package mallstream.kafka.consume.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.kafka.consume.core.Progress;

/** One assignment of a partition to a member, as it should look like. */
final class Epoch {
    final Log log;
    final Progress start;
    /** Whether it begins where an operator wants it, and not where the group stood. */
    final boolean moved;

    State state = State.OWNED;
    long leavingSince;
    /** Whether the client was told not to fetch of it. */
    boolean rests;

    long position;
    Progress submitted;
    int queued;
    long queuedBytes;
    int working;
    long workingBytes;

    private final Map<String, Line> lines = new HashMap<>();
    private final BitSet finished = new BitSet();
    private int uncommitted;
    private boolean committedWhileLeaving;

    Epoch(Log log, Progress start, boolean moved) {
        this.log = log;
        this.moved = moved;
        this.start = start;
        this.position = start.frontier();
        this.submitted = start;
    }

    /** A record is handed over. Where it was finished before this epoch, the engine must not take it. */
    Delivery deliver(Entry entry, boolean split) {
        String lane = Delivery.lane(entry, split);
        Line line = lane == null ? new Line() : lines.computeIfAbsent(lane, key -> new Line());
        Delivery delivery = new Delivery(entry, this, line, split);
        if (!Log.covers(start, entry.offset)) {
            line.open.add(delivery);
            queued++;
            queuedBytes += entry.bytes;
        }
        return delivery;
    }

    /** Records that the engine has to count as held. */
    int held() {
        return working + (state == State.OWNED ? queued : 0);
    }

    long heldBytes() {
        return workingBytes + (state == State.OWNED ? queuedBytes : 0);
    }

    void begin(Delivery delivery) {
        queued--;
        queuedBytes -= delivery.entry.bytes;
        working++;
        workingBytes += delivery.entry.bytes;
    }

    void end(Delivery delivery) {
        working--;
        workingBytes -= delivery.entry.bytes;
    }

    void back(Delivery delivery) {
        end(delivery);
        if (state == State.OWNED) {
            delivery.where = Delivery.Where.QUEUED;
            queued++;
            queuedBytes += delivery.entry.bytes;
        } else {
            delivery.where = Delivery.Where.GONE;
        }
    }

    void finish(Delivery delivery) {
        end(delivery);
        delivery.where = Delivery.Where.GONE;
        finished.set(delivery.entry.index);
        uncommitted++;
        // Only what can't be decoded may be overtaken: it will never have a turn.
        List<Delivery> open = delivery.line.open;
        for (int i = 0; open.get(i) != delivery; i++) {
            Broken.unless(open.get(i).refused, delivery, " is finished before ", open.get(i), " of its key");
        }
        open.remove(delivery);
    }

    /** Records that wait for nothing but company. */
    List<Delivery> lingering() {
        return lines.values().stream()
                .filter(line -> !line.open.isEmpty())
                .map(line -> line.open.getFirst())
                .filter(head -> head.where == Delivery.Where.QUEUED && !head.again())
                .toList();
    }

    /** Whether all that was finished up to the last commit is in it. */
    boolean committedWhatItHad() {
        return uncommitted == 0 || committedWhileLeaving;
    }

    /** What is committed must be what is finished: not more, nor less, nor less than before. */
    void submit(Progress progress, String owner) {
        String where = log.source + ": " + progress;
        Broken.unless(progress.frontier() >= submitted.frontier(), where, " goes back behind ", submitted.frontier());
        Broken.unless(progress.frontier() <= log.end, where, " is beyond the end ", log.end);
        for (Entry each : log.entries) {
            boolean done = finished.get(each.index) || Log.covers(start, each.offset);
            if (!each.gone && Log.covers(progress, each.offset) != done) {
                throw new Broken(where + " says of " + each + " that it is " + (done ? "open" : "finished"));
            }
        }
        String metadata = progress.metadata(owner);
        Broken.unless(metadata.length() <= 4096, where, " is too long");
        Progress read = Progress.parse(progress.frontier(), metadata, owner);
        Broken.unless(read.equals(progress), where, " is read back as ", read);
        submitted = progress;
        uncommitted = 0;
        committedWhileLeaving = state == State.LEAVING;
    }

    /** The unfinished records of one key, or of a part of it, in order. */
    static final class Line {
        final List<Delivery> open = new ArrayList<>();
        /** So many are in the call that is looked at. */
        int taken;
    }

    enum State {
        OWNED,
        /** Its revocation has begun. */
        LEAVING,
        GONE
    }
}
