/**
 * The decisions of the engine, without threads, clocks and Kafka.
 *
 * <pre>
 *   poll ──► Partition (one epoch)                    Lane (one key)            Call (a batch)
 *            unfinished records in order    ┌─► a1 a2 a3 ─┐   ready queue
 *            3 4 . 6 . . 9 │ position       ├─► b1        ├──► fair shares ──► begin ─► handler
 *            ▲                              └─► c1 c2     ┘   size, linger,            │
 *            frontier: committed,                ▲            bytes, rate              │
 *            the gaps (. .) as metadata          │                                     ▼
 *                 ▲                              └── retry, later, outage ◄── outcome per record
 *                 └───────────────────────────────── done, or safe in the dead-letter topic
 * </pre>
 *
 * <p>Read {@link mallstream.kafka.consume.core.Engine} first: records come in, calls go out, outcomes come back. {@link
 * mallstream.kafka.consume.core.Loop} is one turn of the poll loop around it: what may be fetched, what is committed, what
 * happens when partitions come and go. {@link mallstream.kafka.consume.core.Progress} is what is committed. {@link
 * mallstream.kafka.consume.core.Phases} is how the lane of a key is split into finer ones and joined again while its records are in
 * flight. Everything is
 * single-threaded: the shell holds one lock around the engine, and hands in the time. Only {@link
 * mallstream.kafka.consume.core.Handover} is for many threads: calls pass through it on their way to the handlers' threads
 * and back.
 */
@NullMarked
package mallstream.kafka.consume.core;

import org.jspecify.annotations.NullMarked;
