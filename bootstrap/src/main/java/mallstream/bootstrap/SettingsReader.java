package mallstream.bootstrap;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedResource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * Binds settings to records with Boot's binder, and turns every failure into one line: key, value unless it is secret,
 * rule, remedy.
 *
 * <p>Boot can refuse unknown keys too, but passes over environment variables and system properties, where a misspelled
 * name is most likely and a forgotten bound most costly; so the keys that nobody took are looked for here.
 */
final class SettingsReader {
    private static final Pattern SECRET =
            Pattern.compile(".*(key|secret|password|token|sha256|credential).*", Pattern.CASE_INSENSITIVE);
    private static final String FIELD = "[A-Za-z][A-Za-z0-9.-]*";
    private static final Pattern STARTS_WITH_FIELDS =
            Pattern.compile("^(" + FIELD + "(?:, " + FIELD + ")*)[:\\s]+(.*)$", Pattern.DOTALL);
    /** Variables that Kubernetes puts into every container for a service that is called mallstream. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("MALLSTREAM(_.*)?_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)");

    private final Iterable<ConfigurationPropertySource> sources;
    private final Binder binder;
    private final Set<String> taken = new HashSet<>();
    private final Map<ConfigurationPropertyName, List<String>> known = new LinkedHashMap<>();

    SettingsReader(Environment environment) {
        this.sources = ConfigurationPropertySources.get(environment);
        this.binder = Binder.get(environment);
    }

    /**
     * @param prefix where the record's keys stand, for instance {@code mallstream.webhook}
     * @param type the record; its constructor refuses values with an {@link IllegalArgumentException} whose message
     *     starts with the component's name
     * @return the record; components without a key are {@code null} or zero before its constructor sees them
     * @throws InvalidSetting if a value is wrong or missing
     */
    <T extends Record> T read(String prefix, Class<T> type) {
        known.put(
                ConfigurationPropertyName.of(prefix),
                Arrays.stream(type.getRecordComponents())
                        .map(component -> kebab(component.getName()))
                        .toList());
        try {
            return binder.bindOrCreate(prefix, Bindable.of(type), new Tracker());
        } catch (BindException e) {
            throw explain(e);
        }
    }

    /**
     * Call it after the last record was read.
     *
     * @param root below which every key must have been taken by a record
     * @param elsewhere prefixes that somebody else checks
     * @throws InvalidSetting if one was not
     */
    void refuseUnknown(String root, List<String> elsewhere) {
        ConfigurationPropertyName rootName = ConfigurationPropertyName.of(root);
        Map<String, ConfigurationPropertyName> unknown = new LinkedHashMap<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(rootName::isAncestorOf)
                        .filter(name -> elsewhere.stream()
                                .noneMatch(
                                        it -> ConfigurationPropertyName.of(it).isAncestorOf(name)))
                        .filter(name ->
                                !taken.contains(squash(name)) && !isOverridden(name) && !isServiceLink(source, name))
                        .forEach(name -> unknown.putIfAbsent(display(source, name), name));
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidSetting(
                    String.join(", ", unknown.keySet()) + (unknown.size() == 1 ? " is unknown" : " are unknown"),
                    "remove it or correct its name; known are "
                            + unknown.values().stream()
                                    .flatMap(this::near)
                                    .distinct()
                                    .collect(Collectors.joining(", ")));
        }
    }

    private Stream<String> near(ConfigurationPropertyName unknown) {
        Set<String> names = new TreeSet<>();
        known.forEach((prefix, components) -> {
            if (prefix.isAncestorOf(unknown)) {
                components.forEach(component -> names.add(prefix + "." + component));
            }
        });
        if (names.isEmpty()) {
            known.keySet().forEach(prefix -> names.add(prefix + ".*"));
        }
        return names.stream();
    }

    /** Whether the name belongs to an element of a list that a source of higher rank replaced as a whole. */
    private boolean isOverridden(ConfigurationPropertyName name) {
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i)) {
                String element = squash(name.chop(i + 1));
                return taken.contains(squash(name.chop(i))) && !taken.contains(element);
            }
        }
        return false;
    }

    private static boolean isServiceLink(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        return property != null
                && property.getOrigin() != null
                && originalName(property)
                        .filter(original -> SERVICE_LINK.matcher(original).matches())
                        .isPresent();
    }

    private static Optional<String> originalName(ConfigurationProperty property) {
        return property.getOrigin() instanceof PropertySourceOrigin origin
                ? Optional.of(origin.getPropertyName())
                : Optional.empty();
    }

    private static String display(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        return property == null ? name.toString() : originalName(property).orElse(name.toString());
    }

    private InvalidSetting explain(BindException failure) {
        ConfigurationPropertyName name = failure.getName();
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConversionException) {
                return invalid(name, "must be " + describe(type));
            }
            if (cause instanceof UnboundConfigurationPropertiesException gap) {
                return new InvalidSetting(
                        gap.getUnboundProperties().stream()
                                        .map(it -> it.getName().toString())
                                        .collect(Collectors.joining(", "))
                                + " leaves a gap in its list",
                        "number the elements from 0 without gaps");
            }
            if (cause instanceof NullPointerException && type.isRecord()) {
                return missing(name, type);
            }
            if (cause instanceof IllegalArgumentException) {
                return refusedByRecord(name, type, Objects.requireNonNullElse(cause.getMessage(), "is not allowed"));
            }
        }
        return invalid(name, "must be " + describe(type));
    }

    /** A record names its component, or whole keys with commas between them and then says all there is to say. */
    private InvalidSetting refusedByRecord(ConfigurationPropertyName name, Class<?> type, String message) {
        Matcher matcher = STARTS_WITH_FIELDS.matcher(message);
        if (matcher.matches()) {
            List<String> fields = List.of(matcher.group(1).split(", "));
            if (fields.stream().allMatch(field -> field.startsWith(name + "."))) {
                return new InvalidSetting(
                        message,
                        remedy(fields.stream()
                                .map(ConfigurationPropertyName::of)
                                .toList()));
            }
            for (RecordComponent component : type.isRecord() ? type.getRecordComponents() : new RecordComponent[0]) {
                if (kebab(component.getName()).equals(kebab(matcher.group(1)))) {
                    return invalid(name.append(kebab(component.getName())), matcher.group(2));
                }
            }
        }
        return invalid(name, message);
    }

    private InvalidSetting missing(ConfigurationPropertyName name, Class<?> type) {
        List<String> missing = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            ConfigurationPropertyName key = name.append(kebab(component.getName()));
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!optional && !component.getType().isPrimitive() && !taken.contains(squash(key))) {
                missing.add(key.toString());
            }
        }
        String keys = missing.isEmpty() ? name.toString() : String.join(", ", missing);
        return new InvalidSetting(keys + " is missing", "set it, for instance by " + variable(keys.split(",", 2)[0]));
    }

    private InvalidSetting invalid(ConfigurationPropertyName name, String rule) {
        ConfigurationProperty property = find(name);
        String value = "";
        if (property != null) {
            // An address may carry a password.
            value = isSecret(name)
                    ? " (value not shown)"
                    : " = " + String.valueOf(property.getValue()).replaceAll("//[^/]*@", "//");
        }
        return new InvalidSetting(name + value + ": " + rule, remedy(List.of(name)));
    }

    private String remedy(List<ConfigurationPropertyName> names) {
        ConfigurationProperty property = names.size() == 1 ? find(names.getFirst()) : null;
        if (property == null || isDefault(property)) {
            return "set " + (names.size() == 1 ? "it" : "them") + ", for instance by "
                    + names.stream().map(name -> variable(name.toString())).collect(Collectors.joining(", "));
        }
        return "correct it" + (property.getOrigin() == null ? "" : " in " + property.getOrigin());
    }

    /** Whether it comes from a file inside the jar, where nobody can correct it. */
    private static boolean isDefault(ConfigurationProperty property) {
        Origin origin =
                property.getOrigin() instanceof PropertySourceOrigin source ? source.getOrigin() : property.getOrigin();
        Resource resource = origin instanceof TextResourceOrigin text ? text.getResource() : null;
        return (resource instanceof OriginTrackedResource tracked ? tracked.getResource() : resource)
                instanceof ClassPathResource;
    }

    private static boolean isSecret(ConfigurationPropertyName name) {
        int last = name.getNumberOfElements() - 1;
        while (last > 0 && name.isNumericIndex(last)) {
            last--;
        }
        return SECRET.matcher(name.getElement(last, Form.DASHED)).matches();
    }

    private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    private static String describe(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == Duration.class) {
            return "a duration such as 500ms, 10s or 5m";
        }
        if (type == DataSize.class) {
            return "a size such as 512KB or 64MB";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return "a " + kebab(type.getSimpleName()).replace('-', ' ');
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String variable(String key) {
        return key.replace("-", "").replaceAll("[.\\[]", "_").replace("]", "").toUpperCase(Locale.ROOT);
    }

    /** One form for all spellings: an environment variable may or may not part the words of a name. */
    private static String squash(ConfigurationPropertyName name) {
        return name.toString().replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /** Notes which keys found a place. */
    private final class Tracker implements BindHandler {
        @Override
        public Object onSuccess(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
            taken.add(squash(name));
            return result;
        }
    }
}
