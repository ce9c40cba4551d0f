import type { Fault } from "./fault.ts";

/** What network and front door do in the server's place. */
export const FRONT_DOOR = {
  "connection-reset": {
    code: "connection-reset",
    title: "The process dies while it answers",
    clientSees: "a connection that breaks off before any answer",
    cloudWatchShows: "errors only if the runtime itself exits",
  },
  "auth-required": {
    code: "auth-required",
    title: "The server wants a token",
    clientSees: "401 to every request without credentials",
    cloudWatchShows: "no errors",
  },
  "http-unauthorized": {
    code: "http-unauthorized",
    title: "The token is refused",
    clientSees: "401 invalid_token to every request, with credentials or without",
    cloudWatchShows: "no errors",
  },
  "challenge-invalid": {
    code: "challenge-invalid",
    title: "The server does not say where to get a token",
    clientSees: "401 without www-authenticate",
    cloudWatchShows: "no errors",
  },
  "http-forbidden": {
    code: "http-forbidden",
    title: "The Function URL's resource policy lacks a permission",
    clientSees: "AWS's own 403",
    cloudWatchShows: "nothing at all: the function is not invoked",
  },
  "http-not-found": {
    code: "http-not-found",
    title: "The gateway has no such route",
    clientSees: "API Gateway's own 404",
    cloudWatchShows: "nothing at all: the function is not invoked",
  },
  "http-throttled": {
    code: "http-throttled",
    title: "The reserved concurrency is used up",
    clientSees: "AWS's own 429",
    cloudWatchShows: "throttles",
  },
  "function-error": {
    code: "function-error",
    title: "The handler throws",
    clientSees: "AWS's own 502",
    cloudWatchShows: "errors",
  },
  "gateway-timeout": {
    code: "gateway-timeout",
    title: "API Gateway gives up after 29 s",
    clientSees: "API Gateway's own 504 (here at once)",
    cloudWatchShows: "long durations, no errors: the function goes on",
  },
  "http-server-error": {
    code: "http-server-error",
    title: "The application fails behind the adapter",
    clientSees: "500 with the framework's page",
    cloudWatchShows: "no errors: to the adapter any answer is a success",
  },
  "http-unexpected": {
    code: "http-unexpected",
    title: "POST is not routed to the server",
    clientSees: "405 to POST",
    cloudWatchShows: "no errors",
  },
  redirected: {
    code: "redirected",
    title: "A log-in page stands before the server",
    clientSees: "302 to another host",
    cloudWatchShows: "no errors",
  },
} as const satisfies Record<string, Fault>;
