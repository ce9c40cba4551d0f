import { type Advice, wrongKind } from "./advice.ts";
import { leaf } from "./leaf.ts";
import type { SecretRef } from "./types.ts";

const REFERENCES: readonly RegExp[] = [
  /^env:[A-Za-z_][A-Za-z0-9_]*$/,
  /^ssm:(?:\/[A-Za-z0-9_.-]+)+$/,
  /^secretsmanager:[A-Za-z0-9/_+=.@-]{1,512}$/,
];

const SECRET_FIX =
  'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.';

export function isReference(text: string): boolean {
  return REFERENCES.some((reference) => reference.test(text));
}

export function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === "object" && value !== null && "secret" in value;
}

/** A reference to a secret; whatever else stands there is never repeated. */
export function secretAdvice(value: unknown): Advice | null {
  if (typeof value === "string") {
    const problem = isReference(value)
      ? "is plain text that looks like a secret's reference"
      : "is a literal value where a secret's reference belongs";
    return { problem, fix: SECRET_FIX };
  }
  if (!isSecretRef(value)) {
    return { problem: wrongKind(value, "a secret's reference"), fix: SECRET_FIX };
  }
  const known =
    typeof value.secret === "string" &&
    isReference(value.secret) &&
    Object.keys(value).length === 1;
  return known ? null : { problem: "is not a reference to a secret", fix: SECRET_FIX };
}

export const secretRef = leaf<SecretRef>("`secret(…)`", (value) => {
  const advice = secretAdvice(value);
  return advice === null ? [] : [advice];
});
