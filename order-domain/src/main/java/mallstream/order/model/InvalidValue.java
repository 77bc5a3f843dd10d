package mallstream.order.model;

/** A value that its type does not accept; the message starts with the name of the field and never repeats the value. */
public final class InvalidValue extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field name of the field as outsiders know it, for instance {@code mallId}
     * @param rule what the field must be, for instance {@code must match [a-z0-9-]}
     */
    public InvalidValue(String field, String rule) {
        super(field + ": " + rule);
        this.field = field;
    }

    /** Name of the field as outsiders know it. */
    public String field() {
        return field;
    }
}
