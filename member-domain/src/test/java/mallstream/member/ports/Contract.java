package mallstream.member.ports;

import java.util.function.Supplier;

/** What all contracts of ports have in common: empty ports, and work that is done in one transaction. */
abstract class Contract {
    final Ports ports;

    Contract(Ports ports) {
        this.ports = ports;
    }

    final <T> T inOne(Supplier<T> work) {
        return ports.transactions().inOne(work);
    }
}
