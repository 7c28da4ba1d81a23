import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SyncOptions;
import com.mumosystems.oktaprofiles.SyncReport;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The engine from Java: connect, synchronize, look somebody up.
 *
 * <p>{@code OKTA_ORG_URL=https://example.okta.com OKTA_API_TOKEN=… java -cp okta-profiles-engine.jar Quickstart.java
 * quickstart.db LOGIN}
 */
public final class Quickstart {
  private Quickstart() {}

  public static void main(String[] arguments) {
    run(System.getenv("OKTA_ORG_URL"), System.getenv("OKTA_API_TOKEN"), arguments[0], arguments[1]);
  }

  static void run(String url, String token, String directory, String login) {
    try (OktaProfiles okta = OktaProfiles.open(Path.of(directory), Map.of())) {
      okta.credentials().connect(url, token.toCharArray());
      SyncReport report = okta.sync(SyncOptions.defaults());
      System.out.println(report.present() + " users");
      Optional<DirectoryEntry> found = okta.directory().find(Lookup.LOGIN, login);
      System.out.println(found.map(entry -> entry.okta().profileJson()).orElse("nobody has this login"));
    } catch (OktaProfilesException e) {
      System.err.println(e.getMessage() + " (" + e.code() + ")");
    }
  }
}
