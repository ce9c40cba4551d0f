import { Command } from "commander";
import { parseMuteFor, parseReason, parseWebhook } from "./flags.ts";
import * as help from "./help-paging.ts";
import { withPlace } from "./program-place.ts";

const BY: readonly [string, string] = ["--by <name>", "who does it (default: this machine's user)"];

export function muteCommand(): Command {
  return withPlace(
    new Command("mute")
      .summary("hold the pages of a target, or of all with a tag, for some time")
      .description(help.MUTE_DESCRIPTION)
      .argument("[scope]", "name of a target, or tag:NAME")
      .option("--for <duration>", "how long: 1m to 7d", parseMuteFor)
      .option("--reason <text>", "why, for whoever looks at it at night", parseReason)
      .option(...BY)
      .option("--list", "list the mutes in force and to come instead")
      .option("--json", "print JSON, one mute a line")
      .addHelpText("after", help.MUTE),
  );
}

export function unmuteCommand(): Command {
  return withPlace(
    new Command("unmute")
      .summary("end a mute before its time")
      .description(help.UNMUTE_DESCRIPTION)
      .argument("<id>", "of the mute, as vigil mute --list has it")
      .addHelpText("after", help.UNMUTE),
  );
}

export function ackCommand(): Command {
  return withPlace(
    new Command("ack")
      .summary("acknowledge what a target was paged for: no more reminders")
      .description(help.ACK_DESCRIPTION)
      .argument("<target>", "name of a target")
      .option(...BY)
      .addHelpText("after", help.ACK),
  );
}

export function pageCommand(): Command {
  return withPlace(
    new Command("page")
      .summary("send a test page, and tell who does not get it")
      .description(help.PAGE_DESCRIPTION)
      .option("--test", "send a test page")
      .option(...BY)
      .option("--webhook <url>", "on this machine: post it there; repeatable", parseWebhook)
      .addHelpText("after", help.PAGE),
  );
}
