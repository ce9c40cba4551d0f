import type { DoctorRule } from "./rule.ts";
import { FINDING_SEVERITIES, type FindingSeverity } from "./types.ts";

/** Where the page lives, from the repository's root. */
export const DOCTOR_PATH = "docs/doctor.md";

const INTRO = `# vigil doctor

<!-- Generated from packages/core/src/doctor by \`npm run docs\`: edit there. -->

\`\`\`sh
npx vigil doctor orders            # a target of the config that has \`lambda\`
npx vigil doctor orders --json | jq '.findings[].rule'
\`\`\`

Reads how the function behind a target is set up, with your own AWS credentials, and holds it against
the rules below. Nothing is changed, and nothing is invoked. Each finding comes with its evidence, the
commands that mend it and the lines of an AWS SAM template (or of \`vigil.config.ts\`) that keep it mended.
Where an alias serves, the commands also publish a version and move the alias to it.

Of environment variables only the values of \`AWS_LAMBDA_EXEC_WRAPPER\`, \`AWS_LWA_INVOKE_MODE\`,
\`AWS_LWA_PORT\`, \`PORT\` and \`MCP_SESSIONS\` are looked at; all others are dropped as they arrive.

When a run is down, its verdict is joined with the findings, in \`vigil check\`, in [pages](paging.md) and on
the status page of a watch: \`likely cause: empty-stream, and the URL's InvokeMode is BUFFERED\`.

| Exit code | |
|---|---|
| 0 | nothing found, or hints alone |
| 1 | an error was found |
| 3 | a warning was found, and no error |
| 4 | neither, but some of the setting could not be read |
| 2 | bad usage or config; no such function |

## What it may read

\`\`\`json
{
  "Effect": "Allow",
  "Action": [
    "lambda:GetAlias",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionConfiguration",
    "lambda:GetPolicy",
    "lambda:ListFunctionUrlConfigs",
    "lambda:ListProvisionedConcurrencyConfigs"
  ],
  "Resource": "arn:aws:lambda:*:*:function:*"
}
\`\`\`

Targets behind API Gateway take \`apigateway:GET\` too. What is denied is told by its permission, and the
rules that need it say nothing; the others judge all the same. The deployed pager may do the same with the
functions that the config names, in its own account, and with no others.
`;

const HEADINGS: Readonly<Record<FindingSeverity, string>> = {
  error: "## Errors: clients are kept out, or get what is no MCP",
  warning: "## Warnings: clients suffer at times",
  hint: "## Hints: time or money",
};

/** The text of docs/doctor.md. */
export function doctorMarkdown(rules: Readonly<Record<string, DoctorRule>>): string {
  const blocks = FINDING_SEVERITIES.map((severity) => {
    const members = Object.entries(rules).filter(([, rule]) => rule.severity === severity);
    return `${HEADINGS[severity]}\n\n${table(members)}\n`;
  });
  return [INTRO, ...blocks].join("\n");
}

function table(members: readonly (readonly [id: string, rule: DoctorRule])[]): string {
  const rows = members.map(([id, { title, why, causes }]) => {
    const modes = causes.map((code) => `[\`${code}\`](failure-modes.md#${code})`);
    return `| \`${id}\` | ${cell(title)}. ${cell(why)} | ${modes.join(", ")} |`;
  });
  return ["| DoctorRule | What it means | Can explain |", "|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
