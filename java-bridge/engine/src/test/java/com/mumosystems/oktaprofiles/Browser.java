package com.mumosystems.oktaprofiles;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A browser that opens one address and tells where it is sent. */
final class Browser {
  private Browser() {}

  static String redirected(String url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    String page = response.statusCode() + " " + response.body();
    return response.headers().firstValue("location").orElseThrow(() -> new IOException(page));
  }
}
