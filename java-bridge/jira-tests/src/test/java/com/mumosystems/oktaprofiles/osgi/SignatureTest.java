package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `make sign` writes is what Jira checks: a detached Ed25519 signature over the bytes of the jar. */
class SignatureTest {
  @TempDir Path work;

  @Test
  void theJdkVerifiesWhatTheScriptSigned() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path jar = work.resolve("plugin.jar");
    byte[] content = Files.readAllBytes(Path.of(System.getProperty("okta.bundle")));
    Files.write(jar, content);
    Result result = sign(pair.getPrivate(), jar);
    assertEquals(0, result.status(), result.printed());
    assertArrayEquals(content, Files.readAllBytes(jar), "signing changed the jar");
    byte[] signature = Base64.getDecoder().decode(Files.readString(Path.of(jar + ".sig")));
    assertTrue(verifies(pair.getPublic(), content, signature));
    content[content.length / 2] ^= 1;
    assertFalse(verifies(pair.getPublic(), content, signature), "a changed jar passes");
  }

  @Test
  void anotherKindOfKeyIsRefusedWithWords() throws Exception {
    Path jar = Files.writeString(work.resolve("plugin.jar"), "any");
    Result result = sign(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate(), jar);
    assertEquals(1, result.status());
    assertTrue(result.printed().contains("no private Ed25519 key"), result.printed());
    assertFalse(Files.exists(Path.of(jar + ".sig")));
  }

  private record Result(int status, String printed) {}

  private Result sign(PrivateKey key, Path jar) throws Exception {
    Path pem = work.resolve("key.pem");
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    Files.writeString(pem, "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
    Process process = new ProcessBuilder(System.getProperty("okta.sign"), pem.toString(), jar.toString())
        .redirectErrorStream(true)
        .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), printed);
  }

  private static boolean verifies(PublicKey key, byte[] content, byte[] signature) throws Exception {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(content);
    return verifier.verify(signature);
  }
}
