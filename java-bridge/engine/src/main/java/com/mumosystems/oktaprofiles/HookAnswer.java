package com.mumosystems.oktaprofiles;

/**
 * The answer to a delivery of the event hook, which the server that received it sends. Written from the Rust tables by {@code make header}.
 *
 * @param status The HTTP status to answer a delivery with.
 * @param body The body to answer a delivery with, JSON; empty if none.
 * @param events Events that came for the first time.
 */
public record HookAnswer(
    int status,
    String body,
    long events) {}
