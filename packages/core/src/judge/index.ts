export type { Expectations, Finding, StepFinding } from "./case.ts";
export { expectsChallenge } from "./challenge-rules.ts";
export { INIT_HEADER } from "./cold-start.ts";
export { pageHeaders } from "./cors.ts";
export type { JudgeContext } from "./drift.ts";
export { otherEra } from "./era-signal.ts";
export { NO_EVIDENCE } from "./evidence.ts";
export { failureOf } from "./failure.ts";
export { GET_STREAM } from "./get-stream.ts";
export {
  CERTIFICATE_WARNING_DAYS,
  judge,
  judgedDurationMs,
  judgeLegStep,
} from "./judge.ts";
export { mayBeOldTransport, showsOldTransport } from "./old-transport.ts";
export { PRECEDENCE, type Rule } from "./precedence.ts";
export { relabelTimeouts, withColdStart } from "./relabel.ts";
export {
  type FunctionRequest,
  type FunctionRequests,
  functionRequests,
  mayBeCold,
  type ReportProof,
  readReports,
} from "./report-proof.ts";
export { type Opening, readOpening, readToolsPage, type ToolsPage } from "./results.ts";
export { refuseToCall } from "./sentinel.ts";
export {
  isAbsentToolList,
  judgeStep,
  judgeTools,
  type StepContext,
} from "./step.ts";
export { streamSentinel } from "./stream.ts";
