import { HistoryError, type HistoryErrorCode } from "@vigil/aws";
import {
  readWidgetRequest,
  type WidgetLook,
  type WidgetRequest,
  type WidgetScene,
  widgetMarkdown,
} from "@vigil/core";
import { widgetHtml, widgetMessage } from "@vigil/page";
import { telling } from "./invocation-error.ts";
import type { Log } from "./log.ts";
import { readWidgetTargets, type WidgetReader } from "./widget-targets.ts";

export interface WidgetRuntimeOptions extends WidgetReader {
  readonly log: Log;
}

/** What people read instead of the targets, with what mends it. */
const UNREAD: Readonly<Record<HistoryErrorCode, string>> = {
  "history-unavailable":
    "DynamoDB did not answer in time. The dashboard's next refresh asks it again.",
  "history-denied":
    "The widget's function may not query the history table. Deploy Vigil again: that lets it.",
  "history-table-missing":
    "The history table, which VIGIL_TABLE names, is not there. Deploy Vigil again: that makes it.",
};

/** What one environment of the widget keeps from call to call. */
export class WidgetRuntime {
  readonly #options: WidgetRuntimeOptions;

  constructor(options: WidgetRuntimeOptions) {
    this.#options = options;
  }

  /** HTML; or the widget's documentation, as markdown. What is wrong is told in the HTML. */
  invoke(event: unknown): Promise<string> {
    return telling(this.#options.log, this.#invoke(event));
  }

  async #invoke(event: unknown): Promise<string> {
    const { config, clock } = this.#options;
    const { targets, vantages } = config;
    const scene: WidgetScene = { targets, vantages: vantages.length, now: clock.now() };
    const read = readWidgetRequest(event, scene);
    switch (read.kind) {
      case "describe":
        return widgetMarkdown();
      case "refused":
        return widgetMessage(
          { title: "The widget's parameters are wrong", sentences: read.problems },
          read.look,
        );
      case "show":
        return this.#show(read.request, scene.now);
      default:
        return read satisfies never;
    }
  }

  async #show(request: WidgetRequest, now: number): Promise<string> {
    try {
      const targets = await readWidgetTargets(request, this.#options);
      return widgetHtml({ ...request, now, targets }, request.look);
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      return this.#unread(error, request.look);
    }
  }

  #unread({ code }: HistoryError, look: WidgetLook): string {
    this.#options.log.trouble("history-unread", { reason: code });
    const sentences = [
      UNREAD[code],
      "How the targets are is not known here. Their metrics and alarms do without history.",
    ];
    return widgetMessage({ title: `History could not be read: ${code}`, sentences }, look);
  }
}
