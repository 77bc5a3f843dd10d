package mallstream.bootstrap;

/** A setting that is wrong, unknown or missing; it ends the start. */
final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param what key, value unless it is secret, and rule
     * @param remedy what to do about it
     */
    InvalidSetting(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
