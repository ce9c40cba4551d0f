import type { Sequence } from "./play.ts";

/** Each says something that the others do not. */
export const SEQUENCES: readonly Sequence[] = [
  { title: "All is well", minutes: "S S S" },
  { title: "One failure, which a repeat does not show", minutes: "S FS S S" },
  { title: "A failure, which one of two repeats does not show", minutes: "S FFS S S" },
  { title: "An outage of two minutes", minutes: "S FFF F S S" },
  { title: "An outage of time-outs", minutes: "S TTT T S S" },
  { title: "An outage that one run falls into", minutes: "S FFF S S" },
  { title: "Down, with one good run in between", minutes: "S FFF S F S S" },
  { title: "Every other minute down", minutes: "S FFF S F S F S S" },
  { title: "Two outages", minutes: "S FFF S S S FFF S S" },
  { title: "Every third try fails, repeats do not", minutes: "S S S FS S S FS S S" },
  { title: "Half of the tries fail, repeats do not", minutes: "S S FS S FS S FS S S S S" },
  { title: "Cannot be judged: the monitor's own fault", minutes: "S ? ? ? S" },
  { title: "Down, then cannot be judged", minutes: "S FFF ? F S S" },
  {
    title: "Down in a gap window, well before its allowance ends",
    minutes: "S FFF F S S",
    holds: " GGGG",
  },
  { title: "Down in a gap window, and after it", minutes: "S FFF F F S S", holds: " GG" },
  { title: "Down in maintenance, and after it", minutes: "S FFF F F S S", holds: " MM" },
];
