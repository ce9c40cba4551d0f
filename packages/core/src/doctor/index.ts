export { type Diagnosis, diagnose, type UnreadPart, worstFinding } from "./diagnose.ts";
export { type LikelyCause, likelyCause } from "./likely-cause.ts";
export { DOCTOR_PATH, doctorMarkdown } from "./page.ts";
export type { DoctorRule } from "./rule.ts";
export { DOCTOR_RULES, type RuleId } from "./rules/index.ts";
export { servingOf } from "./serving.ts";
export { functionSubject, gatewayIdOf } from "./subject.ts";
export * from "./types.ts";
