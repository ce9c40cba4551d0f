import {
  type Era,
  type Exchange,
  type ExtraStep,
  judgeLegStep,
  type Leg,
  readOpening,
  type ServerInfo,
  type StepFinding,
  type StepName,
  type StepRecord,
  type Target,
  type ToolInfo,
} from "@vigil/core";
import type { AttemptContext } from "./attempt-context.ts";
import type { LegClient, LegClientOptions } from "./leg-client.ts";
import { type OpenedWay, openWay } from "./opened-way.ts";
import { Recorder } from "./recorder.ts";
import type { StepWire } from "./routes.ts";
import { takeStep } from "./take-step.ts";

/** How long the end of a session may take; it never changes a verdict. */
const END_SESSION_MS = 2_000;

export interface StepInput extends StepWire {
  readonly step: StepName;
  readonly label: string | null;
  readonly act: (client: LegClient, recorder: Recorder) => Promise<unknown>;
  /** The part of the run's remaining time that the step may take at most; all of it unless given. */
  readonly share?: number;
  /** The client's patience is for the first message, and what comes behind it has the share. */
  readonly streamed?: boolean;
  /** No longer than this, however much time is left. */
  readonly withinMs?: number;
}

type CreateLeg = (options: LegClientOptions) => LegClient;

/** Loaded on need: most functions watch servers of one era only. */
const LOADERS: Readonly<Record<Era, () => Promise<CreateLeg>>> = {
  legacy: async () => (await import("./legacy-leg.ts")).createLegacyLeg,
  modern: async () => (await import("./modern-leg.ts")).createModernLeg,
};

/** Loads what the eras need, so that it takes no run's time. */
export async function loadLegs(eras: readonly Era[]): Promise<void> {
  await Promise.all(eras.map((era) => LOADERS[era]()));
}

/** A leg while it runs: one era's client on the attempt's connection. */
export class OpenLeg {
  readonly era: Era;
  readonly #context: AttemptContext;
  readonly #recorder: Recorder;
  readonly #createClient: () => LegClient;
  readonly #client: LegClient;
  /** Further clients, each in a session of its own. */
  readonly #others: LegClient[] = [];
  readonly #steps: StepRecord[] = [];
  #tools: readonly ToolInfo[] | null = null;
  #protocolVersion: string | null = null;
  #server: ServerInfo | null = null;
  #hasTools: boolean | null = null;
  #sessionLeft = false;

  private constructor(era: Era, context: AttemptContext, client: (r: Recorder) => LegClient) {
    this.era = era;
    this.#context = context;
    const { connection, clock, startedAt, target, headers, sign, url, redact } = context;
    const { maxResponseBytes } = target;
    this.#recorder = new Recorder({
      connection,
      clock,
      startedAt,
      maxResponseBytes,
      headers,
      sign,
      url,
      era,
      redact,
    });
    this.#createClient = () => client(this.#recorder);
    this.#client = this.#createClient();
  }

  static async open(era: Era, context: AttemptContext): Promise<OpenLeg> {
    const { url, version } = context;
    const create = await LOADERS[era]();
    return new OpenLeg(era, context, ({ fetch, send }) => create({ url, fetch, send, version }));
  }

  /** Whether the server announced tools; null when it said nothing. */
  get hasTools(): boolean | null {
    return this.#hasTools;
  }

  /** Whether requests so far were sent in a session. */
  get inSession(): boolean {
    const exchanges = this.#steps.flatMap((step) => step.exchanges);
    return exchanges.some(({ request }) => request.inSession);
  }

  get extras(): readonly ExtraStep[] {
    return this.#context.extras;
  }

  get url(): URL {
    return this.#context.url;
  }

  get target(): Target {
    return this.#context.target;
  }

  /** Takes further steps in their own time. */
  further(take: () => Promise<void>): Promise<void> {
    return this.#context.further(take);
  }

  /** Whether what is left of the run is a client's patience with one more request. */
  get hasTime(): boolean {
    const { remainingMs, patienceMs } = this.#context;
    return remainingMs() >= patienceMs;
  }

  /** One more connection to the target, opened; the caller destroys it. */
  connect(): Promise<OpenedWay> {
    const { dial, stepTimeoutMs } = this.#context;
    return openWay(dial(), stepTimeoutMs());
  }

  /** A client that has negotiated nothing yet. The leg ends its session and closes it. */
  anotherClient(): LegClient {
    const client = this.#createClient();
    this.#others.push(client);
    return client;
  }

  /** Takes a step without judging it. */
  take(input: StepInput): Promise<StepRecord> {
    const {
      act,
      share = 1,
      streamed = false,
      withinMs = Number.POSITIVE_INFINITY,
      ...plan
    } = input;
    const { clock, startedAt, remainingMs, stepTimeoutMs } = this.#context;
    const shareMs = share * remainingMs();
    return takeStep({
      ...plan,
      era: this.era,
      recorder: this.#recorder,
      clock,
      startedAt,
      timeoutMs: streamed
        ? Math.max(stepTimeoutMs(), shareMs)
        : Math.min(stepTimeoutMs(), shareMs, withinMs),
      ...(streamed && { beginWithinMs: stepTimeoutMs(), watched: true }),
      act: () => act(this.#client, this.#recorder),
    });
  }

  /** Judges a step, sets its outcome and keeps it. */
  keep(step: StepRecord): { step: StepRecord; found: StepFinding | null } {
    const { context, leg } = { context: this.#context, leg: this.#soFar(step) };
    const callIndex = leg.steps.filter(({ step: name }) => name === "callTool").length - 1;
    const found = judgeLegStep({
      step,
      leg,
      run: context,
      expectations: context.target,
      callIndex: step.step === "callTool" ? callIndex : -1,
    });
    const judged =
      found === null || step.outcome === "skipped" ? step : { ...step, outcome: "failed" as const };
    this.#steps.push(judged);
    return { step: judged, found };
  }

  /** Adds to the step that was kept last what was asked about its failure; its time stays. */
  amend(exchanges: readonly Exchange[]): void {
    const last = this.#steps.pop();
    if (last !== undefined) {
      this.#steps.push({ ...last, exchanges: [...last.exchanges, ...exchanges] });
    }
  }

  /** Keeps what the opening told. */
  learn(step: StepRecord): void {
    for (const { request, reply } of step.exchanges) {
      if (reply.kind !== "result") continue;
      const read = readOpening(request.rpcMethod, reply.result);
      if (read === null) continue;
      this.#protocolVersion = read.protocolVersion;
      this.#server = read.server;
      this.#hasTools = read.hasTools;
    }
  }

  setTools(tools: readonly ToolInfo[]): void {
    this.#tools = tools;
  }

  /** Ends the sessions as a client should, then closes everything. */
  async close(): Promise<Leg> {
    const step = await this.#endSession(this.#client);
    for (const other of this.#others) await this.#endSession(other);
    this.#recorder.close();
    await Promise.all([this.#client, ...this.#others].map((client) => client.close()));
    return {
      era: this.era,
      protocolVersion: this.#protocolVersion,
      server: this.#server,
      steps: step === null ? this.#steps : [...this.#steps, step],
      tools: this.#tools,
      sessionLeft: this.#sessionLeft,
    };
  }

  async #endSession(client: LegClient): Promise<StepRecord | null> {
    const { clock, startedAt } = this.#context;
    let none = false;
    const step = await takeStep({
      step: "close",
      label: null,
      era: this.era,
      recorder: this.#recorder,
      clock,
      startedAt,
      timeoutMs: Math.min(END_SESSION_MS, this.#context.remainingMs()),
      act: async () => {
        const ended = client.endSession();
        none = ended === null;
        await ended;
      },
    });
    if (none) return null;
    const status = step.exchanges.at(-1)?.response?.status ?? 0;
    // 405 is a server's right: it ends sessions by itself.
    this.#sessionLeft ||= !(status === 405 || (status >= 200 && status < 300));
    return { ...step, fault: null };
  }

  #soFar(step: StepRecord): Pick<Leg, "steps" | "tools"> {
    return { steps: [...this.#steps, step], tools: this.#tools };
  }
}
