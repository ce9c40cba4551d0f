/** A way in which the demo server can be broken, and how it then looks from both sides. */
export interface Fault {
  /** What Vigil calls it: the code of its failure mode. */
  readonly code: string;
  readonly title: string;
  /** What an MCP client gets. */
  readonly clientSees: string;
  /** What the function's own metrics and logs show. */
  readonly cloudWatchShows: string;
}
