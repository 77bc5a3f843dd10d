package mallstream.order.application.port.out;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.LineId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Won;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a vendor wrote it, for the readers of all channels: the rule of what may be kept of it stands here
 * once.
 *
 * @param fields names to {@code null}, text, numbers, truth values, lists and maps
 */
public record VendorFields(Map<?, ?> fields) {
    private static final int MOST_FIELDS = 60;
    private static final Set<String> LEFT_OUT = Set.of("null", "blank");
    private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");
    private static final Pattern PLAIN_VALUE = Pattern.compile("[A-Za-z0-9 _:.+-]{1,64}");

    /**
     * A field's text. Vendors write numbers as text as often as numbers, so whole numbers are text too.
     *
     * @param name the field
     * @return its text without outer spaces; {@code null} if it is absent, blank or of another type
     */
    public @Nullable String text(String name) {
        return textOf(fields.get(name));
    }

    /**
     * Whether the vendor left a field out.
     *
     * @param name the field
     * @return whether it is absent, {@code null} or blank; a field of an unexpected type is none of these
     */
    public boolean leavesOut(String name) {
        Object value = fields.get(name);
        return value == null || (value instanceof String text && text.isBlank());
    }

    /**
     * A field's order number.
     *
     * @param name the field
     * @return the number, or {@code null} if there is none that is one
     */
    public @Nullable OrderNo orderNo(String name) {
        String text = text(name);
        try {
            return text == null ? null : new OrderNo(text);
        } catch (InvalidValue noNumber) {
            return null;
        }
    }

    /**
     * A field's line id.
     *
     * @param name the field
     * @return the id, or {@code null} if there is none that is one
     */
    public @Nullable LineId lineId(String name) {
        String text = text(name);
        try {
            return text == null ? null : new LineId(text);
        } catch (InvalidValue noId) {
            return null;
        }
    }

    /**
     * A field's money.
     *
     * @param name the field
     * @return whole won, also where it is written with an empty fraction ({@code 12000.00}); {@code null} if there is none
     *     that is
     */
    public @Nullable Won won(String name) {
        BigDecimal number = number(name);
        try {
            return number == null ? null : new Won(number.longValueExact());
        } catch (ArithmeticException | InvalidValue none) {
            return null;
        }
    }

    /**
     * A field's count.
     *
     * @param name the field
     * @return 0 to 1,000,000; {@code null} if there is none that is
     */
    public @Nullable Integer count(String name) {
        BigDecimal number = number(name);
        try {
            int count = number == null ? -1 : number.intValueExact();
            return count < 0 || count > 1_000_000 ? null : count;
        } catch (ArithmeticException none) {
            return null;
        }
    }

    /**
     * Whether the numbers of a vendor could be read; those that it left out could.
     *
     * @param counts fields that hold counts
     * @param amounts fields that hold money
     * @return whether all of them could be
     */
    public boolean readable(List<String> counts, List<String> amounts) {
        return counts.stream().allMatch(name -> leavesOut(name) || count(name) != null)
                && amounts.stream().allMatch(name -> leavesOut(name) || won(name) != null);
    }

    private @Nullable BigDecimal number(String name) {
        Object value = fields.get(name);
        String text = value instanceof Double || value instanceof BigDecimal ? value.toString() : textOf(value);
        try {
            // A number of a million digits is none that anybody meant.
            return text == null || text.length() > 40 ? null : new BigDecimal(text);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /**
     * A field's short text that names something in the vendor's system.
     *
     * @param name the field
     * @return the text; {@code null} if there is none that is plain
     */
    public @Nullable String plain(String name) {
        String text = text(name);
        return text != null && PLAIN_VALUE.matcher(text).matches() ? text : null;
    }

    /**
     * A field's objects.
     *
     * @param name the field
     * @return its elements, empty ones in place of those that are no objects; none if it is no list
     */
    public List<VendorFields> objects(String name) {
        if (!(fields.get(name) instanceof List<?> elements)) {
            return List.of();
        }
        return elements.stream()
                .map(element -> new VendorFields(element instanceof Map<?, ?> map ? map : Map.of()))
                .toList();
    }

    /**
     * What may be kept: the allowed fields with their value, where that is a plain code, number or time; of all other
     * fields name and type, since they may hold personal data. At most 60 fields, the allowed ones first.
     *
     * @param allowed names of the fields whose value may be kept
     * @return for instance {@code sno=1; orderStatus=x9; memo:text}
     */
    public String keeping(Set<String> allowed) {
        return fields.entrySet().stream()
                .sorted(Comparator.comparing(field -> !allowed.contains(String.valueOf(field.getKey()))))
                .limit(MOST_FIELDS)
                .map(field -> kept(String.valueOf(field.getKey()), field.getValue(), allowed))
                .collect(Collectors.joining("; "));
    }

    /**
     * What was kept, to be read again. A field of which only the type was kept is not left out: it can only not be read.
     *
     * @param kept as {@link #keeping} gave it
     * @return the fields
     */
    public static VendorFields kept(String kept) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String field : kept.split("; ", -1)) {
            int value = field.indexOf('=');
            int type = field.indexOf(':');
            if (value > 0) {
                values.put(field.substring(0, value), field.substring(value + 1));
            } else if (type > 0 && !LEFT_OUT.contains(field.substring(type + 1))) {
                values.put(field.substring(0, type), Map.of());
            }
        }
        return new VendorFields(values);
    }

    /**
     * A time that can be kept. Some systems write the first day of year 1 where they have no time, and a number of
     * milliseconds can be any: the database takes neither, and would refuse everything that came with it.
     *
     * @param time any
     * @return the time; {@code null} outside of the years 1900 to 9999
     */
    public static @Nullable Instant keepable(@Nullable Instant time) {
        return time == null || time.isBefore(FIRST) || !time.isBefore(AFTER_LAST) ? null : time;
    }

    private static String kept(String name, @Nullable Object value, Set<String> allowed) {
        String text = textOf(value);
        if (allowed.contains(name) && text != null && PLAIN_VALUE.matcher(text).matches()) {
            return name + "=" + text;
        }
        return (PLAIN_NAME.matcher(name).matches() ? name : "?") + ":" + typeOf(value);
    }

    private static @Nullable String textOf(@Nullable Object value) {
        if (value instanceof String text) {
            return text.isBlank() ? null : text.strip();
        }
        return value instanceof Integer || value instanceof Long || value instanceof BigInteger
                ? value.toString()
                : null;
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> text.isBlank() ? "blank" : "text";
            case Number number -> "number";
            case Boolean truth -> "boolean";
            case List<?> list -> "list";
            default -> "object";
        };
    }

    /** Says nothing of the content, which holds personal data. */
    @Override
    public String toString() {
        return "VendorFields[" + fields.size() + "]";
    }
}
