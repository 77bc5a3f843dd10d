package mallstream.order.testing;

import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.CodeMappingsContract;
import mallstream.order.application.port.out.Transactions;

class InMemoryCodeMappingsTest extends CodeMappingsContract {
    private final InMemoryOrders memory = new InMemoryOrders();

    @Override
    protected CodeMappings mappings() {
        return memory.codeMappings();
    }

    @Override
    protected Transactions transactions() {
        return memory;
    }
}
