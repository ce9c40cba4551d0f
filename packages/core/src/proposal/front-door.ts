/** An address of the operator's that may have an MCP server behind it. */
export interface FrontDoor {
  /** What AWS calls it; null when only its address is known. */
  readonly label: string | null;
  /** Where its MCP endpoint may be, the likeliest first. */
  readonly urls: readonly [string, ...string[]];
  readonly region: string | null;
  /** Null qualifier: the function's own newest code. */
  readonly lambda: { readonly functionName: string; readonly qualifier: string | null } | null;
  /** The service that a signature is for; null when requests go unsigned. */
  readonly signedFor: string | null;
}
