package com.mumosystems.oktaprofiles;

/**
 * The answer to a delivery of the event hook. The server that received the delivery must send it to Okta. Written from the Rust tables by {@code make header}.
 *
 * @param status The HTTP status of the answer to a delivery.
 * @param body The body of the answer to a delivery, as JSON; empty if none.
 * @param events How many events arrived for the first time.
 */
public record HookAnswer(
    int status,
    String body,
    long events) {}
