/** The kinds of body that a Streamable HTTP answer may have, and all others. */
export const CONTENT = { json: "json", sse: "sse", other: "other" } as const;
export type ContentKind = (typeof CONTENT)[keyof typeof CONTENT];

/** Compares the media type only, without its parameters, as both SDKs do. */
export function contentKind(contentType: string | null): ContentKind {
  const essence = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (essence === "application/json") return CONTENT.json;
  if (essence === "text/event-stream") return CONTENT.sse;
  return CONTENT.other;
}
