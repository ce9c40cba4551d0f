const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** A header's or a key's name; anything else might be a value that went astray. */
const SHOWN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** `targets[0].headers["X-Api-Key"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  const parts = path.map((segment) => {
    if (typeof segment === "number") return `[${segment}]`;
    const name = String(segment);
    if (IDENTIFIER.test(name) && SHOWN.test(name)) return `.${name}`;
    return SHOWN.test(name) ? `["${name}"]` : '["…"]';
  });
  return parts.join("").replace(/^\./, "");
}
