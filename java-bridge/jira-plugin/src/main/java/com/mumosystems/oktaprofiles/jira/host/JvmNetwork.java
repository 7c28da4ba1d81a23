package com.mumosystems.oktaprofiles.jira.host;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * How the JVM reaches the internet, as settings of the engine: the network settings of Jira hold for the engine
 * too. Property names: JDK documentation, "Networking Properties" and "JSSE Reference Guide".
 */
public final class JvmNetwork {
  private static final String CA_FILE = "jvm-trust-store.pem";
  /** A host, a domain with everything below it, or every host. */
  private static final Pattern NAME_PATTERN = Pattern.compile("\\*|\\*?\\.?[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private JvmNetwork() {}

  /**
   * The proxy for https.
   *
   * @return http://host:port, with user and password if the JVM has them; empty for none
   */
  public static String proxy() {
    String name = System.getProperty("https.proxyHost", "");
    if (name.isBlank()) {
      return "";
    }
    return withLogin("http://" + name.strip() + ":" + port());
  }

  private static String port() {
    return System.getProperty("https.proxyPort", "443").strip();
  }

  /** Whether the proxy is the one that the JVM was given: same host, same port. */
  private static boolean isOfTheJvm(String proxy) {
    String name = System.getProperty("https.proxyHost", "").strip();
    String place = proxy.replaceFirst("^[A-Za-z]+://", "").replaceFirst("/+$", "");
    return !name.isEmpty() && place.equalsIgnoreCase(name + ":" + port());
  }

  /**
   * Adds the JVM's user and password for proxies to a proxy, if the JVM has any and the proxy is its own; they
   * belong to no other proxy. They come only from the JVM, because passwords must not be stored in Jira's database.
   *
   * @param proxy http://host:port
   * @return the same proxy, with user and password
   */
  public static String withLogin(String proxy) {
    String user = System.getProperty("https.proxyUser", "");
    String password = System.getProperty("https.proxyPassword", "");
    return user.isEmpty() || !isOfTheJvm(proxy) ? proxy : proxy.replaceFirst("//", "//" + encode(user) + ":" + encode(password) + "@");
  }

  /**
   * The proxy in a form that may be shown.
   *
   * @param proxy a proxy URL
   * @return the URL without user and password
   */
  public static String withoutPassword(String proxy) {
    return proxy.replaceFirst("//[^/]*@", "//");
  }

  /**
   * The hosts that are reached without the proxy. Only host names are passed on. Networks such as 10.*, stars
   * inside a name and other forms never match the name of an Okta org, and the engine would refuse the whole list
   * because of one of them.
   *
   * @return names separated by commas
   */
  public static String noProxy() {
    String patterns = System.getProperty("http.nonProxyHosts", "");
    // Java's own separator is |. The others are accepted because such lists are often copied from curl.
    return Arrays.stream(patterns.split("[|,;\\s]+"))
        .filter(pattern -> NAME_PATTERN.matcher(pattern).matches())
        .map(pattern -> pattern.replaceFirst("^\\*(?=[^.])", "*."))
        .collect(Collectors.joining(","));
  }

  /**
   * Writes the certificates that the JVM trusts to a file, so that the engine trusts them too. Only one thread at a
   * time: while one thread makes the JDK load a changed trust store, another one would get the old certificates
   * (sun.security.ssl.TrustStoreManager reads its cache before it takes its lock).
   *
   * @param folder the folder for the file
   * @return the PEM file, mode 0600
   */
  public static synchronized Path caFile(Path folder) {
    Path file = folder.resolve(CA_FILE);
    try {
      byte[] pem = pem().getBytes(StandardCharsets.US_ASCII);
      if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), pem)) {
        HomeFolders.replace(file, pem);
      }
      return file;
    } catch (GeneralSecurityException | IOException e) {
      throw new OktaProfilesException(
          ErrorCode.CA_INVALID, "The JVM's trust store cannot be read: " + e.getMessage(), e);
    }
  }

  private static String pem() throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    StringBuilder text = new StringBuilder();
    for (var trust : factory.getTrustManagers()) {
      if (trust instanceof X509TrustManager x509) {
        for (X509Certificate certificate : x509.getAcceptedIssuers()) {
          text.append("-----BEGIN CERTIFICATE-----\n").append(lines.encodeToString(certificate.getEncoded()));
          text.append("\n-----END CERTIFICATE-----\n");
        }
      }
    }
    return text.toString();
  }

  private static String encode(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
