import { createWriteStream } from "node:fs";

/** What the engine tells sst while it works: a JSON object a line. */
export function openEventLog(file) {
  const stream = createWriteStream(file, { flags: "a" });
  let sequence = 0;
  const tell = (event) => {
    const timestamp = Math.floor(Date.now() / 1_000);
    stream.write(`${JSON.stringify({ sequence, timestamp, ...event })}\n`);
    sequence += 1;
  };
  return {
    step(metadata) {
      tell({ resourcePreEvent: { metadata } });
      tell({ resOutputsEvent: { metadata } });
    },
    refused(metadata) {
      tell({ resourcePreEvent: { metadata } });
      tell({ resOpFailedEvent: { metadata, status: 0, steps: 0 } });
    },
    diagnostic({ urn = "", message, severity }) {
      tell({ diagnosticEvent: { urn, prefix: "", message, color: "never", severity } });
    },
    close(resourceChanges) {
      const durationSeconds = 0;
      const summary = { maybeCorrupt: false, durationSeconds, resourceChanges, PolicyPacks: {} };
      tell({ summaryEvent: summary });
      return new Promise((resolve) => stream.end(resolve));
    },
  };
}
