package mallstream.bootstrap.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileUrlResource;

/**
 * The classes and settings under one root package: the product's, or those of a fixture that breaks a rule.
 *
 * @param root the package above the houses, for instance {@code mallstream}
 * @param classes the compiled classes under it
 * @param settings the keys of its YAML and properties files
 */
record Code(String root, JavaClasses classes, List<Setting> settings) {
    /**
     * A key in a file of settings.
     *
     * @param file where it stands
     * @param key its full name, for instance {@code spring.kafka.consumer.client-id}
     */
    record Setting(String file, String key) {}

    /**
     * The main classes of all modules. Siblings come as folders or as jars, depending on how far Maven goes, so jars are
     * never left out.
     */
    static Code product() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("mallstream");
        return new Code("mallstream", classes, settingsBeside(classes, ""));
    }

    /** @param root the fixture's root package; its settings lie in the folder of that package */
    static Code fixture(String root) {
        JavaClasses classes = new ClassFileImporter().importPackages(root);
        return new Code(root, classes, settingsBeside(classes, root.replace('.', '/')));
    }

    /** @param room package below the root whose classes are taken away */
    Code without(String room) {
        JavaClasses rest = classes.that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(in(room) + "..")));
        return new Code(root, rest, settings);
    }

    /** @param below a package pattern below the root, for instance {@code member.model..} */
    String in(String below) {
        return root + "." + below;
    }

    /** @param below package patterns below the root */
    String[] in(String... below) {
        return Stream.of(below).map(this::in).toArray(String[]::new);
    }

    /** @return the first package below the root, for instance {@code member} */
    String house(JavaClass type) {
        return type.getPackageName().substring(root.length() + 1).split("\\.", 2)[0];
    }

    /**
     * Rooms that a fixture does not have are no violation here: rule 2 calls the roll.
     *
     * @return a line per violation
     */
    List<String> breaking(ArchRule rule) {
        return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
    }

    /** Every class but the {@code package-info}s. */
    Stream<JavaClass> realClasses() {
        return classes.stream().filter(c -> !c.getSimpleName().equals("package-info"));
    }

    /** Every call, field access and method reference, wherever it stands. */
    Stream<JavaAccess<?>> accesses() {
        return classes.stream().flatMap(c -> c.getAccessesFromSelf().stream());
    }

    /** Every dependency of one class on another. */
    Stream<Dependency> dependencies() {
        return classes.stream().flatMap(c -> c.getDirectDependenciesFromSelf().stream());
    }

    /**
     * Finds an annotation of ours. Each house declares its own, since there is no shared kernel, so the simple name counts.
     *
     * @param simpleName for instance {@code Reaction}
     */
    Optional<? extends JavaAnnotation<?>> ourAnnotation(HasAnnotations<?> element, String simpleName) {
        return element.getAnnotations().stream()
                .filter(a -> a.getRawType().getSimpleName().equals(simpleName)
                        && a.getRawType().getPackageName().startsWith(root + "."))
                .findAny();
    }

    /** The class file, for what ArchUnit does not show. */
    static ClassModel classFile(JavaClass type) {
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return ClassFile.of().parse(bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Setting> settingsBeside(JavaClasses classes, String folder) {
        List<Setting> found = new ArrayList<>();
        classes.stream().map(Code::home).distinct().sorted().forEach(home -> {
            try {
                if (!home.startsWith("jar:")) {
                    found.addAll(settingsUnder(Path.of(URI.create(home)).resolve(folder)));
                    return;
                }
                try (FileSystem jar = FileSystems.newFileSystem(URI.create(home), Map.of())) {
                    found.addAll(settingsUnder(jar.getPath("/").resolve(folder)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return found;
    }

    /** The folder or jar that holds the class, as a URI that ends with a slash. */
    private static String home(JavaClass type) {
        String uri = type.getSource().orElseThrow().getUri().toString();
        return uri.substring(0, uri.length() - (type.getName().replace('.', '/') + ".class").length());
    }

    private static List<Setting> settingsUnder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile)
                    // A jar carries its pom, whose group id is another thing.
                    .filter(file -> !file.startsWith(folder.resolve("META-INF/maven")))
                    .sorted()
                    .toList();
        }
        List<Setting> found = new ArrayList<>();
        for (Path file : files) {
            for (PropertySource<?> source : load(file)) {
                if (source instanceof EnumerablePropertySource<?> keys) {
                    for (String key : keys.getPropertyNames()) {
                        found.add(new Setting(folder.relativize(file).toString(), key));
                    }
                }
            }
        }
        return found;
    }

    private static List<PropertySource<?>> load(Path file) throws IOException {
        String name = file.toString();
        FileUrlResource content = new FileUrlResource(file.toUri().toURL());
        if (name.endsWith(".properties")) {
            return new PropertiesPropertySourceLoader().load(name, content);
        }
        if (name.endsWith(".yml") || name.endsWith(".yaml")) {
            return new YamlPropertySourceLoader().load(name, content);
        }
        return List.of();
    }
}
