import com.fasterxml.jackson.databind.ObjectMapper;
import com.okta.sdk.authc.credentials.TokenClientCredentials;
import com.okta.sdk.cache.Caches;
import com.okta.sdk.client.Clients;
import com.okta.sdk.resource.api.UserApi;
import com.okta.sdk.resource.client.ApiClient;
import com.okta.sdk.resource.model.User;
import com.okta.sdk.resource.model.UserProfile;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A full sync as somebody would write it with okta-sdk-java and sqlite-jdbc: {@code Peer ORG_URL TOKEN DATABASE}
 * prints how many users it stored.
 */
public final class Peer {
    private static final String[] SCHEMA = {
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, display_name TEXT, profile TEXT)",
        "CREATE INDEX users_login ON users (login)",
        "CREATE INDEX users_email ON users (email)",
    };

    private static final Pattern AFTER = Pattern.compile("[?&]after=([^&>]+)");

    /** PaginationUtil finds the header only if the server writes its name in small letters. */
    private static String nextCursor(ApiClient client) {
        for (Map.Entry<String, List<String>> header : client.getResponseHeaders().entrySet()) {
            if (header.getKey().equalsIgnoreCase("link")) {
                for (String link : header.getValue()) {
                    Matcher after = AFTER.matcher(link);
                    if (link.contains("rel=\"next\"") && after.find()) {
                        return URLDecoder.decode(after.group(1), StandardCharsets.UTF_8);
                    }
                }
            }
        }
        return null;
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("okta.testing.disableHttpsCheck", "true");
        ApiClient client = Clients.builder()
                .setOrgUrl(arguments[0])
                .setClientCredentials(new TokenClientCredentials(arguments[1]))
                .setCacheManager(Caches.newDisabledCacheManager())
                .build();
        UserApi api = new UserApi(client);
        ObjectMapper mapper = client.getObjectMapper();
        int stored = 0;
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + arguments[2])) {
            try (Statement statement = database.createStatement()) {
                for (String sql : SCHEMA) {
                    statement.execute(sql);
                }
            }
            database.setAutoCommit(false);
            try (PreparedStatement insert =
                    database.prepareStatement("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)")) {
                String after = null;
                do {
                    List<User> users = api.listUsers(null, null, after, 200, null, "status pr", null, null);
                    for (User user : users) {
                        UserProfile profile = user.getProfile();
                        insert.setString(1, user.getId());
                        insert.setString(2, user.getStatus() == null ? null : user.getStatus().getValue());
                        insert.setString(3, profile.getLogin());
                        insert.setString(4, profile.getEmail());
                        insert.setString(5, profile.getDisplayName());
                        insert.setString(6, mapper.writeValueAsString(profile));
                        insert.addBatch();
                    }
                    insert.executeBatch();
                    database.commit();
                    stored += users.size();
                    after = nextCursor(client);
                } while (after != null);
            }
        }
        System.out.println(stored);
    }
}
