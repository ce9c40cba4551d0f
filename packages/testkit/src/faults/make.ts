import type { Answer } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { errorReply, type RpcError } from "../messages.ts";
import { ASKING, type Moment, spotsOf } from "../moments.ts";
import type { RecordedRequest } from "../request.ts";
import { alter, type Edit, type StageOptions, strike } from "../stage.ts";

interface FaultInput {
  readonly code: Fault["code"];
  readonly title: string;
  /** Every request that expects an answer, unless given. */
  readonly at?: readonly Moment[];
  readonly more?: Partial<Fault>;
}

/** A fault that is an answer of its own. */
export function struck(input: FaultInput, answer: (request: RecordedRequest) => Answer): Fault {
  const { code, title, at = ASKING, more = {} } = input;
  return { code, title, spots: spotsOf(at), start: (spot) => strike(spot, answer), ...more };
}

/** A fault that is a sound answer, changed. */
export function altered(input: FaultInput, edit: Edit, options: StageOptions = {}): Fault {
  const { code, title, at = ASKING, more = {} } = input;
  return { code, title, spots: spotsOf(at), start: (spot) => alter(spot, edit, options), ...more };
}

type Members = Readonly<Record<string, unknown>>;

/** Changes the JSON-RPC message of a sound answer. */
export function withMessage(edit: (message: Members) => Members): Edit {
  return (reply) => ({ ...reply, message: edit(reply.message ?? {}) });
}

/** Changes the result in a sound answer. */
export function withResult(edit: (result: Members) => Members): Edit {
  return withMessage((sound) => ({ ...sound, result: edit((sound.result ?? {}) as Members) }));
}

/** Answers a JSON-RPC error instead. */
export function withError(status: number, error: RpcError): Edit {
  return (_reply, request) => errorReply(request, status, error);
}
