const WARNING_SWITCH = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";

/**
 * The SDK warns on stderr of Node versions that its later releases leave behind. Which release it is,
 * the lockfile says; whoever watches a server can do nothing about it.
 */
export function withoutVersionWarning<T>(make: () => T): T {
  const before = process.env[WARNING_SWITCH];
  process.env[WARNING_SWITCH] = "true";
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env[WARNING_SWITCH];
    else process.env[WARNING_SWITCH] = before;
  }
}

/**
 * For good, for a process whose clients make further ones at any time, as those do that must first
 * take on a role.
 */
export function silenceVersionWarning(): void {
  process.env[WARNING_SWITCH] = "true";
}
