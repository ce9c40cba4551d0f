export interface Peer {
  readonly name: string;
  /** US dollars a month, for one target probed each minute from one place. */
  readonly usd: number;
  readonly how: string;
}

/** As their price lists say, looked up on {@link PEERS_DATE}. None names a Lambda failure's cause. */
export const PEERS_DATE = "2026-11-22";
export const PEERS: readonly Peer[] = [
  { name: "Datadog, MCP test", usd: 65.7, how: "43,800 runs of three billed steps" },
  {
    name: "CloudWatch Synthetics",
    usd: 52.56,
    how: "43,800 runs at $0.0012, without their Lambda, S3 and logs",
  },
  { name: "Checkly, multistep", usd: 26.28, how: "43,800 runs of three requests" },
  { name: "AliveMCP, small plan", usd: 9, how: "the plan's price; the next one is $49" },
];
