package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Every method and field that the bundle's code names exists, in Jira, in the servlet API and elsewhere. The compiler
 * sees javax.servlet only, and Jakarta's API has dropped methods.
 *
 * <p>Checked against the class path of these tests, or against the jars in the folders of {@code -Dokta.host=…:…}, such
 * as those of an installed Jira.
 */
class LinkageTest {
  private final Map<String, Members> known = new HashMap<>();
  private final Set<String> missing = new TreeSet<>();
  private int looked;

  @Test
  void whatTheCodeNamesIsThere() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("okta.bundle")); URLClassLoader host = host()) {
      List<JarEntry> classes = jar.stream()
          .filter(entry -> entry.getName().matches("com/mumosystems/.*\\.class"))
          .toList();
      for (JarEntry entry : classes) {
        try (InputStream code = jar.getInputStream(entry)) {
          String user = entry.getName();
          new ClassReader(code).accept(new Mentions((owner, member) -> check(host, user, owner, member)), 0);
        }
      }
    }
    assertEquals(Set.of(), missing);
    assertTrue(looked > 1000, "the code names " + looked + " members only");
  }

  private void check(ClassLoader host, String user, String owner, String member) {
    looked++;
    if (!owner.startsWith("[") && !has(host, owner, member)) {
      missing.add(user + ": " + owner + "." + member);
    }
  }

  private boolean has(ClassLoader host, String owner, String member) {
    Members members = known.computeIfAbsent(owner, name -> Members.of(host, name));
    return members.own.contains(member) || members.parents.stream().anyMatch(parent -> has(host, parent, member));
  }

  private static URLClassLoader host() throws IOException {
    String folders = System.getProperty("okta.host", "");
    List<URL> jars = new ArrayList<>(List.of(Path.of(System.getProperty("okta.bundle")).toUri().toURL()));
    if (folders.isEmpty()) {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        jars.add(Path.of(entry).toUri().toURL());
      }
    } else {
      for (String folder : folders.split(File.pathSeparator)) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
          files.filter(file -> file.toString().endsWith(".jar")).map(LinkageTest::url).forEach(jars::add);
        }
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Told of each member that code names. */
  private interface Listener {
    void named(String owner, String member);
  }

  private static final class Mentions extends ClassVisitor {
    private final Listener listener;

    Mentions(Listener listener) {
      super(Opcodes.ASM9);
      this.listener = listener;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
          listener.named(owner, method + descriptor);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
          listener.named(owner, field + descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String descriptor, Handle bootstrap, Object... arguments) {
          for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
              listener.named(handle.getOwner(), handle.getName() + handle.getDesc());
            }
          }
        }
      };
    }
  }

  /** What a class of the host has by itself, and the classes that it has the rest from. */
  private static final class Members extends ClassVisitor {
    private final Set<String> own = new HashSet<>();
    private final List<String> parents = new ArrayList<>();

    private Members() {
      super(Opcodes.ASM9);
    }

    static Members of(ClassLoader host, String name) {
      Members members = new Members();
      try (InputStream code = host.getResourceAsStream(name + ".class")) {
        if (code != null) {
          new ClassReader(code).accept(members, ClassReader.SKIP_CODE);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return members;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
      if (parent != null) {
        parents.add(parent);
      }
      parents.addAll(List.of(interfaces));
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
      own.add(name + type);
      return null;
    }

    @Override
    public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
      own.add(name + type);
      return null;
    }
  }
}
