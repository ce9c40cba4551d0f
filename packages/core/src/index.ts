export * from "./alarms/index.ts";
export * from "./alerting/index.ts";
export * from "./challenge.ts";
export * from "./clock.ts";
export * from "./config/index.ts";
export * from "./config-page/index.ts";
export * from "./content-type.ts";
export * from "./cost/index.ts";
export * from "./credential-expiry.ts";
export * from "./dashboard/index.ts";
export { deployFindings } from "./deploy-findings.ts";
export * from "./docs.ts";
export * from "./doctor/index.ts";
export * from "./drift/index.ts";
export * from "./due-extras.ts";
export * from "./extra-steps.ts";
export * from "./failure-modes.ts";
export * from "./gap/index.ts";
export * from "./history/index.ts";
export {
  MAX_BURST_TARGETS,
  MIN_BURST_MS,
  type PagerInvocation,
  type ProbeInvocation,
  pagerInvocationOf,
  type ReadInvocation,
  readProbeInvocation,
  type UnwellNotice,
} from "./invocations.ts";
export * from "./judge/index.ts";
export * from "./map-at-once.ts";
export * from "./metrics/index.ts";
export * from "./next-attempt.ts";
export * from "./pager/index.ts";
export * from "./pager-events.ts";
export { policyGroups } from "./policy-groups.ts";
export * from "./proposal/index.ts";
export * from "./record.ts";
export * from "./redact.ts";
export * from "./report-line.ts";
export * from "./report-lookup.ts";
export * from "./run.ts";
export * from "./run-time.ts";
export * from "./scheduled-run.ts";
export * from "./shards.ts";
export * from "./signed-resource.ts";
export * from "./signing.ts";
export * from "./spill.ts";
export * from "./state.ts";
export * from "./token-request.ts";
export * from "./tools-hash.ts";
export * from "./verdict.ts";
export * from "./verdict-order.ts";
export { widgetMarkdown, widgetParamsTable } from "./widget-params.ts";
export {
  type ReadWidgetRequest,
  readWidgetRequest,
  type WidgetLook,
  type WidgetRequest,
  type WidgetScene,
} from "./widget-request.ts";
export * from "./wire.ts";
