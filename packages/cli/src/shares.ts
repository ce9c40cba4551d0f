/** `99.93 %`, cut and not rounded: what is not all never reads as 100 %. `-` for a share of nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) {
    return "-";
  }
  return `${Math.floor((part * 100_000) / whole) / 1_000} %`;
}

/** `43,200`. */
export function formatCount(n: number): string {
  return n.toLocaleString("en-US");
}
