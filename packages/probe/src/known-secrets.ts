import { createRedactor, type Redactor } from "@vigil/core";

/** The secrets in use, which may become more: every signature is a new one. */
export interface KnownSecrets {
  readonly add: (values: Iterable<string>) => void;
  readonly redact: Redactor;
}

export function knownSecrets(): KnownSecrets {
  const known = new Set<string>();
  let redactor: Redactor | null = null;
  return {
    add(values) {
      for (const value of values) known.add(value);
      redactor = null;
    },
    redact(text) {
      redactor ??= createRedactor([...known]);
      return redactor(text);
    },
  };
}
