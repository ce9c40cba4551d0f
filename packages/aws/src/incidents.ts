import { FAILURE_CODES, type Incident } from "@vigil/core";
import { conditionalUpdate } from "./items.ts";
import {
  canonicalTime,
  type Item,
  incidentKey,
  incidentRange,
  parseIncidentKey,
  type TimeRange,
} from "./keys.ts";
import { first, type ItemKind, type Listing, type ListQuery, list, type Table } from "./listing.ts";
import {
  type Decoded,
  decodeJson,
  isArrayOf,
  isNumber,
  isOneOf,
  isString,
  isTime,
  optional,
  orNull,
  type Shape,
} from "./shape.ts";

export const INCIDENT_RETENTION_DAYS = 396;
const RETENTION_SECONDS = INCIDENT_RETENTION_DAYS * 24 * 60 * 60;

/** By the time of opening; newest first unless said otherwise. */
export interface IncidentQuery extends TimeRange, ListQuery {}

const SHAPE: Shape<Incident> = {
  target: isString,
  vantage: isString,
  openedAt: isTime,
  closedAt: orNull(isTime),
  status: isOneOf(["degraded", "down"]),
  modes: isArrayOf(isOneOf(FAILURE_CODES)),
  summary: orNull(isString),
  remedy: orNull(isString),
  likelyCause: optional(isString),
  runsFailed: isNumber,
  lastRunAt: isTime,
};

const INCIDENTS: ItemKind<Incident> = {
  vantageOf: (key) => parseIncidentKey(key)?.vantage ?? null,
  decode: decodeIncident,
};

function decodeIncident(item: Item): Decoded<Incident> {
  const { likelyCause } = item;
  return decodeJson(item["incident"], SHAPE, (parsed) =>
    likelyCause === undefined ? parsed : { ...parsed, likelyCause },
  );
}

/**
 * False when what is stored is of a later run. Sets its own attributes alone: what others keep in
 * the same item stays.
 */
export function putIncident(table: Table, incident: Incident): Promise<boolean> {
  const { likelyCause: _, ...own } = incident;
  const lastRunAt = canonicalTime(incident.lastRunAt);
  return conditionalUpdate(table, "write an incident", {
    Key: { ...incidentKey(incident) },
    UpdateExpression:
      "SET incident = :incident, #status = :status, lastRunAt = :lastRunAt, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(lastRunAt) OR lastRunAt <= :lastRunAt",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":incident": JSON.stringify(own),
      ":status": incident.closedAt === null ? "open" : "closed",
      ":lastRunAt": lastRunAt,
      ":expiresAt": Math.floor(Date.parse(lastRunAt) / 1000) + RETENTION_SECONDS,
    },
  });
}

export function listIncidents(
  table: Table,
  target: string,
  query: IncidentQuery,
): Listing<Incident> {
  return list(table, { target, range: incidentRange(query), query, kind: INCIDENTS });
}

/** The one that goes on: of a vantage, only the newest can. */
export async function openIncident(
  table: Table,
  target: string,
  vantage: string,
): Promise<Incident | null> {
  const newest = await first(listIncidents(table, target, { vantage, limit: 1 }));
  return newest?.closedAt === null ? newest : null;
}

/** What explains the incident that goes on at a vantage. */
export interface Explained {
  readonly target: string;
  readonly vantage: string;
  readonly likelyCause: string;
}

/** Beside what the vantage's own runs say of it. False when none goes on. */
export async function explainIncident(
  table: Table,
  { target, vantage, likelyCause }: Explained,
): Promise<boolean> {
  const incident = await openIncident(table, target, vantage);
  if (incident === null) return false;
  if (incident.likelyCause === likelyCause) return true;
  return conditionalUpdate(table, "write what explains an incident", {
    Key: { ...incidentKey(incident) },
    UpdateExpression: "SET likelyCause = :cause",
    ConditionExpression: "attribute_exists(incident)",
    ExpressionAttributeValues: { ":cause": likelyCause },
  });
}
