import {
  type Acknowledgement,
  type Alert,
  BURNS,
  type BudgetWarning,
  type Burn,
  type Claim,
  FAILURE_CODES,
  type Fold,
  type FoldMark,
  type FoldMember,
  type Mute,
  type PagerRecord,
} from "@vigil/core";
import {
  type Check,
  hasShape,
  isArrayOf,
  isBoolean,
  isNumber,
  isOneOf,
  isPlainObject,
  isString,
  isTime,
  optional,
  orNull,
  type Shape,
} from "./shape.ts";

const KINDS = ["opened", "worse", "reminder", "closed"];

/** What a hold is in detail is only told, so another version's is as good. */
const isHold: Check = (value) =>
  isPlainObject(value) && isOneOf(["gap", "maintenance", "mute"])(value["kind"]);

const isAlert = hasShape<Alert>({
  openedAt: isTime,
  status: isOneOf(["degraded", "down"]),
  modes: isArrayOf(isOneOf(FAILURE_CODES)),
  seenFrom: isArrayOf(isString),
  heldBy: orNull(isHold),
  pagedAt: orNull(isTime),
  lastPagedAt: orNull(isTime),
  acknowledged: orNull(hasShape<Acknowledgement>({ at: isTime, by: isString })),
  likelyCause: optional(isString),
});

const isPace = isOneOf(BURNS.map(({ pace }) => pace));
const isBurn = hasShape<Burn>({ pace: isPace, rate: isNumber, bad: isNumber, judged: isNumber });

const isOutbound: Check = (value) => {
  if (!isPlainObject(value) || !isTime(value["at"])) return false;
  return value["kind"] === "budget"
    ? isBurn(value["burn"])
    : isOneOf(KINDS)(value["kind"]) && isAlert(value["alert"]);
};

const isClaim = hasShape<Claim>({ holder: isString, untilMs: isNumber });

export const PAGER_RECORD_SHAPE: Shape<PagerRecord> = {
  target: isString,
  revision: isNumber,
  alert: orNull(isAlert),
  closedAt: orNull(isTime),
  folded: isBoolean,
  budget: orNull(hasShape<BudgetWarning>({ pace: isPace, warnedAt: isTime })),
  outbox: isArrayOf(isOutbound),
  claim: orNull(isClaim),
};

const isMember = hasShape<FoldMember>({ target: isString, at: isTime });

export const FOLD_SHAPE: Shape<Fold> = {
  mark: hasShape<FoldMark>({
    kind: isOneOf(KINDS),
    mode: orNull(isOneOf(FAILURE_CODES)),
    region: orNull(isString),
  }),
  revision: isNumber,
  lead: orNull(isMember),
  members: isArrayOf(isMember),
  claim: orNull(isClaim),
};

const isScope: Check = (value) =>
  isPlainObject(value) &&
  ((value["kind"] === "target" && isString(value["target"])) ||
    (value["kind"] === "tag" && isString(value["tag"])));

export const MUTE_SHAPE: Shape<Mute> = {
  id: isString,
  scope: isScope,
  reason: isString,
  by: isString,
  from: isTime,
  until: isTime,
};
