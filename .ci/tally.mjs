import { readFileSync } from "node:fs";

/** The last line of `.ci/run`. Arguments: the path of vitest's JSON report, and its exit code. */
const [path, exitCode] = process.argv.slice(2);
const report = JSON.parse(readFileSync(path, "utf8"));
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report;

// A file that could not be loaded has failed without a test of its own to say so.
const broken = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && !assertionResults.some((result) => result.status === "failed"),
);
const told = numFailedTests + broken.length;
// An error that no test caught fails the run, and is in no line of the report.
const failed = told === 0 && exitCode !== "0" ? 1 : told;
const skipped = numPendingTests + numTodoTests;

for (const { name } of broken) process.stderr.write(`Failed outside of its tests: ${name}\n`);
if (numPassedTests === 0 || skipped > 0) {
  process.stderr.write(`No test may be missing: ${numPassedTests} passed, ${skipped} skipped.\n`);
}
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
process.exitCode = numPassedTests > 0 && failed === 0 && skipped === 0 ? 0 : 1;
