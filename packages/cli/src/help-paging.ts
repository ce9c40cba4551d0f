export const MUTE_DESCRIPTION =
  "Holds the pages of a target, or of all with a tag, until a time. What is still broken then is " +
  "paged. Runs, history and the status page go on; who was paged already is told the rest.";

export const MUTE = `
Examples:
  $ vigil mute orders --for 30m --reason "moving the database"
  $ vigil mute tag:payments --for 2h --reason "provider is down" --by kim --stage production
  $ vigil mute --list

Exit codes: 0 done, 2 bad usage or config, 4 the history cannot be reached.
`;

export const UNMUTE_DESCRIPTION =
  "Ends a mute before its time. What it held, and what still is so, is paged within a minute.";

export const UNMUTE = `
Examples:
  $ vigil unmute 3f9c21aa
  $ vigil unmute 3f9c21aa --stage production

Exit codes: 0 done, 2 no such mute, bad usage or config, 4 the history cannot be reached.
`;

export const ACK_DESCRIPTION =
  "Says that somebody sees to a target that is not well: no reminders come any more. Its end is told, " +
  "and so is what gets worse.";

export const ACK = `
Examples:
  $ vigil ack orders
  $ vigil ack orders --by kim --stage production

Exit codes: 0 done, 2 nothing is open, bad usage or config, 4 the history cannot be reached.
`;

export const PAGE_DESCRIPTION =
  "Sends a test page: on this machine to the terminal and each --webhook, with --stage to the topic of " +
  "a deployment. Then it lists who gets pages there, and who does not, nor the alarms on Vigil itself.";

export const PAGE = `
Examples:
  $ vigil page --test
  $ vigil page --test --webhook https://hooks.example.com/vigil
  $ vigil page --test --stage production

With --stage your AWS credentials need sns:ListTopics, sns:ListSubscriptionsByTopic and sns:Publish.

Exit codes: 0 sent, and everybody gets it, 1 it reaches nobody or a webhook did not take it, 2 bad
usage or config, 3 somebody has not confirmed, or AWS has forgotten them, 4 AWS cannot be asked.
`;
