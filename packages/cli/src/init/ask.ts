import { createInterface } from "node:readline/promises";

/** Puts questions to whoever sits at the terminal. */
export interface Asker {
  /** What was typed, or `proposed` for Enter alone; asked again while `problemOf` finds fault. */
  text(question: string, options: TextQuestion): Promise<string>;
  confirm(question: string, proposed: boolean): Promise<boolean>;
  close(): void;
}

export interface TextQuestion {
  readonly proposed: string;
  /** Says what is wrong with an answer; null when nothing is. */
  readonly problemOf?: (answer: string) => string | null;
}

/** Ctrl-C or the end of the input: whoever was asked has left. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Null when there is nobody to ask. Questions go to stderr, so that stdout has results alone. */
export function terminalAsker(): Asker | null {
  const { stdin: input, stderr: output } = process;
  return input.isTTY && output.isTTY ? createAsker({ input, output }) : null;
}

export function createAsker({ input, output }: Terminal): Asker {
  const lines = createInterface({ input, output, terminal: true });
  const left = new AbortController();
  lines.on("SIGINT", () => left.abort());
  lines.on("close", () => left.abort());

  async function ask(question: string): Promise<string> {
    if (left.signal.aborted) throw new Stopped();
    // The line that is edited is redrawn with each key; what stands above it is not.
    const above = question.lastIndexOf("\n") + 1;
    output.write(question.slice(0, above));
    try {
      return (await lines.question(question.slice(above), { signal: left.signal })).trim();
    } catch (error) {
      throw left.signal.aborted ? new Stopped() : error;
    }
  }

  return {
    async text(question, { proposed, problemOf }) {
      const shown = proposed === "" ? "" : ` [${proposed}]`;
      for (;;) {
        const answer = (await ask(`${question}${shown}: `)) || proposed;
        const problem = problemOf?.(answer) ?? null;
        if (problem === null) return answer;
        output.write(`  ${problem}\n`);
      }
    },
    async confirm(question, proposed) {
      for (;;) {
        const answer = await ask(`${question} [${proposed ? "Y/n" : "y/N"}] `);
        if (answer === "") return proposed;
        if (/^y(?:es)?$/iu.test(answer)) return true;
        if (/^no?$/iu.test(answer)) return false;
        output.write("  Write y or n.\n");
      }
    },
    close: () => lines.close(),
  };
}
