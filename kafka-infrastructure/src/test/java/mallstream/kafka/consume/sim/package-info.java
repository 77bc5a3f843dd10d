/**
 * The engine's core, run against a model of a broker in virtual time.
 *
 * <p>{@link mallstream.kafka.consume.sim.Simulation} is one life of a subscription: a topic, a group, some members with the
 * real {@code Engine} and {@code Loop}, handlers, and everything that goes wrong in production, all drawn from one seed.
 * What must hold is checked after each step; what does not hold is thrown as {@link mallstream.kafka.consume.sim.Broken}.
 */
@NullMarked
package mallstream.kafka.consume.sim;

import org.jspecify.annotations.NullMarked;
