import * as z from "zod";
import {
  type PagerInvocation,
  type ReadInvocation,
  readInvocation,
  stateChangeSchema,
  time,
  type UnwellNotice,
  unwellSchema,
} from "./invocations.ts";

const sweepSchema = z.strictObject({ schema: z.literal(1), kind: z.literal("sweep"), at: time });

const testSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal("test"),
  at: time,
  by: z.string().min(1).max(200),
});

/** CloudWatch's own, from an alarm's Lambda action. What more is in it is not read. */
const alarmSchema = z.looseObject({
  source: z.literal("aws.cloudwatch"),
  alarmData: z.looseObject({
    alarmName: z.string().min(1),
    state: z.looseObject({
      value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
      timestamp: z.string().refine((text) => !Number.isNaN(Date.parse(text)), "is no time"),
      reasonData: z.string().optional(),
    }),
    configuration: z.looseObject({
      metrics: z
        .array(
          z.looseObject({
            metricStat: z.looseObject({
              metric: z.looseObject({
                dimensions: z.looseObject({
                  Target: z.string().min(1),
                  Vantage: z.string().min(1),
                }),
              }),
            }),
          }),
        )
        .min(1),
    }),
  }),
});

/** That a target's `-down` alarm rang, or is over. */
export interface AlarmNews {
  readonly kind: "alarm";
  readonly alarm: string;
  readonly target: string;
  readonly vantage: string;
  readonly state: "ALARM" | "OK" | "INSUFFICIENT_DATA";
  /** The minute of the datapoint that it is about. ISO 8601. */
  readonly at: string;
}

/** Everything that the pager is invoked with. */
export type PagerEvent =
  | PagerInvocation
  | UnwellNotice
  | AlarmNews
  | z.output<typeof sweepSchema>
  | z.output<typeof testSchema>;

export function readPagerInvocation(event: unknown): ReadInvocation<PagerEvent> {
  const { source, kind } = (typeof event === "object" && event !== null ? event : {}) as {
    readonly source?: unknown;
    readonly kind?: unknown;
  };
  if (source === "aws.cloudwatch") return readInvocation(alarmSchema, event, alarmNews);
  if (kind === "sweep") return readInvocation(sweepSchema, event, (sweep): PagerEvent => sweep);
  if (kind === "unwell") return readInvocation(unwellSchema, event, (notice): PagerEvent => notice);
  if (kind === "test") return readInvocation(testSchema, event, (test): PagerEvent => test);
  return readInvocation(stateChangeSchema, event, (invocation): PagerEvent => invocation);
}

function alarmNews({ alarmData }: z.output<typeof alarmSchema>): AlarmNews {
  const { alarmName, state, configuration } = alarmData;
  const { Target, Vantage } = configuration.metrics[0]?.metricStat.metric.dimensions ?? {};
  return {
    kind: "alarm",
    alarm: alarmName,
    target: String(Target),
    vantage: String(Vantage),
    state: state.value,
    at: datapointTime(state),
  };
}

/** How long after its minute an alarm rings, where it does not say which minute it rings for. */
const ALARM_DELAY_MS = 2 * 60_000;

function datapointTime({
  timestamp,
  reasonData,
}: {
  timestamp: string;
  reasonData?: string | undefined;
}): string {
  const minute = evaluatedMinute(reasonData);
  if (minute !== null) return minute;
  const minuteMs = 60_000;
  const aboutMs = Date.parse(timestamp) - ALARM_DELAY_MS;
  return new Date(Math.floor(aboutMs / minuteMs) * minuteMs).toISOString();
}

const reasonSchema = z.looseObject({
  evaluatedDatapoints: z.array(z.looseObject({ timestamp: z.string() })).min(1),
});

/** The newest datapoint that was looked at; null where the reason does not tell. */
function evaluatedMinute(reasonData: string | undefined): string | null {
  try {
    const { evaluatedDatapoints } = reasonSchema.parse(JSON.parse(reasonData ?? ""));
    const times = evaluatedDatapoints.map(({ timestamp }) => Date.parse(timestamp));
    return new Date(Math.max(...times)).toISOString();
  } catch {
    return null;
  }
}
