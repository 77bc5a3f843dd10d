package mallstream.kafka.consume.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import mallstream.kafka.consume.core.Engine;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The simulation with a core that has a bug. The product knows nothing of it: only a copy of its source is changed. */
final class Mutant {
    private static final String SIMULATION = Simulation.class.getPackageName();
    private static final String CORE = Engine.class.getPackageName();
    private static final Path SOURCES = Path.of("src/main/java", CORE.split("\\."));

    private final Method run;

    Mutant(Mutation mutation) throws ReflectiveOperationException, IOException {
        Map<String, byte[]> classes = compile(mutation.file(), mutate(mutation));
        Class<?> simulation = new Classes(classes).loadClass(Simulation.class.getName());
        run = simulation.getMethod("run", long.class);
    }

    /** What the simulation of a seed finds; null: it does not see the bug. */
    @Nullable
    String run(long seed) throws ReflectiveOperationException {
        return (String) run.invoke(null, seed);
    }

    private static String mutate(Mutation mutation) throws IOException {
        String source = Files.readString(SOURCES.resolve(mutation.file()), UTF_8);
        int at = source.indexOf(mutation.original());
        if (at < 0 || source.indexOf(mutation.original(), at + 1) >= 0) {
            throw new AssertionError("the mutation '" + mutation + "' is stale: its text is not once in "
                    + mutation.file() + ", but " + (at < 0 ? "not at all" : "more often"));
        }
        return source.replace(mutation.original(), mutation.mutated());
    }

    private static Map<String, byte[]> compile(String file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (Outputs outputs = new Outputs(compiler.getStandardFileManager(null, null, UTF_8))) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-cp", place(Engine.class) + ":" + place(NullMarked.class));
            boolean compiled = compiler.getTask(said, outputs, null, options, null, List.of(new Input(file, source)))
                    .call();
            if (!compiled) {
                throw new AssertionError("a mutation does not compile: " + said);
            }
            Map<String, byte[]> classes = new HashMap<>();
            outputs.written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    private static Path place(Class<?> of) {
        try {
            return Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Loads core and simulation anew, the mutated classes in place of the others. */
    private static final class Classes extends ClassLoader {
        private final Map<String, byte[]> mutated;

        Classes(Map<String, byte[]> mutated) {
            super(Mutant.class.getClassLoader());
            this.mutated = mutated;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(CORE + ".") && !name.startsWith(SIMULATION + ".")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = mutated.containsKey(name) ? mutated.get(name) : original(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        private byte[] original(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static final class Input extends SimpleJavaFileObject {
        private final String source;

        Input(String file, String source) {
            super(URI.create("string:///" + CORE.replace('.', '/') + "/" + file), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
        final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Outputs(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            written.put(className, bytes);
            return new SimpleJavaFileObject(URI.create("bytes:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }
}
