/**
 * The groups' colours are Okabe and Ito's, darkened or lightened until they stand out from the page
 * at 3:1; every one also bears a letter, and every level a height.
 */
export const LIGHT = `--bg:#fff;--panel:#f6f7f9;--text:#16191d;--soft:#545c66;--rule:#d4d9df;--link:#0b57a4;
--ok:#00805e;--none:#aab2bb;--unknown:#6b7480;--down:#b3261e;--degraded:#8a5a00;--gap:#0072b233;--deploy:#16191d;
--N:#0072b2;--F:#c24e00;--H:#a94b82;--P:#7a1f5c;--T:#9a6700;--L:#6b6000;--B:#1c7fbf;--M:#6b7480;--on:#fff`;
export const DARK = `--bg:#0f1216;--panel:#181d23;--text:#e8ebef;--soft:#a3adb8;--rule:#323a44;--link:#7db9f5;
--ok:#2fbf95;--none:#4a545f;--unknown:#98a2ae;--down:#ff8a80;--degraded:#f0b429;--gap:#56b4e944;--deploy:#e8ebef;
--N:#4aa8e8;--F:#ff8a4c;--H:#e08fc0;--P:#d67ab1;--T:#f0b429;--L:#e6d94a;--B:#7cc8f5;--M:#98a2ae;--on:#0f1216`;

const GROUPS = ["N", "F", "H", "P", "T", "L", "B", "M"]
  .map((letter) => `.g-${letter}{--c:var(--${letter})}`)
  .join("");

/** What rows of targets are made of, wherever they stand. */
export const ROWS = `.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.small,.since{color:var(--soft);font-size:.87rem}
.targets{list-style:none;margin:0;padding:0}
.target{border-top:1px solid var(--rule);padding:.8rem 0 .8rem .8rem;border-left:5px solid var(--edge,transparent)}
.is-down{--edge:var(--down)}.is-degraded{--edge:var(--degraded)}.is-unknown,.is-stale{--edge:var(--unknown)}
.is-up{--edge:var(--ok)}.is-waiting{--edge:var(--none)}
.target article{display:grid;gap:.5rem 1.5rem}
.target h2{display:inline-block;margin-right:.6rem}
.badge{display:inline-block;border:1.5px solid var(--edge);border-radius:1em;padding:0 .6em;font-size:.85rem;font-weight:600;white-space:nowrap}
.badge.is-down{background:var(--down);color:var(--on)}
.badge.is-stale,.badge.is-waiting,.badge.is-unknown{border-style:dashed}
.modes{display:flex;flex-wrap:wrap;gap:.2rem .8rem;margin:.2rem 0}
.mode{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere;min-width:0}td .mode{white-space:nowrap}
.mark{display:inline-block;width:1.35em;text-align:center;border-radius:3px;margin-right:.35em;background:var(--c,var(--unknown));color:var(--on);font:700 .8rem ui-monospace,monospace}
${GROUPS}
.lines{min-width:0}.line{display:flex;align-items:center;gap:.5rem;margin:.15rem 0}
.span{flex:0 0 3.6em;color:var(--soft);font-size:.78rem;text-align:right}
.strip{flex:1;min-width:0;width:100%;height:20px;display:block}
.strip path:not(.deploy){stroke-dasharray:3 1}
.l-ok,.l-some,.l-bad,.l-unknown,.l-none{fill:none;stroke:var(--c,var(--ok))}
.l-none{stroke:var(--none);stroke-width:1}.l-ok{stroke-width:6}.l-some{stroke-width:11;--c:var(--degraded)}.l-bad{stroke-width:16;--c:var(--down)}
.l-unknown{stroke:var(--unknown);stroke-width:9}.strip .l-unknown{stroke-dasharray:1 1}
${["N", "F", "H", "P", "T", "L", "B", "M"].map((letter) => `path.g-${letter}{--c:var(--${letter})}`).join("")}
path.g-any{--c:var(--text)}
.gap{fill:var(--gap)}.deploy{fill:var(--deploy);stroke:var(--deploy);stroke-width:1.5;vector-effect:non-scaling-stroke}
.numbers{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:0}
.numbers dt{font-size:.78rem;color:var(--soft)}.numbers dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.none{color:var(--soft);font-weight:400}
.incident{background:var(--panel);border:1px solid var(--rule);border-left:5px solid var(--edge);padding:.6rem .9rem;max-width:75ch}`;
/** The same where there is room side by side. */
export const WIDE =
  ".target article{grid-template-columns:minmax(15rem,20rem) 1fr 17rem}.incident{grid-column:1/-1}.target .numbers{flex-wrap:nowrap;justify-content:space-between}";

export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
.skip{position:absolute;left:-99em}.skip:focus{left:1em;top:.5em;background:var(--bg);padding:.4em .8em;z-index:1}
a{color:var(--link)}a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.top,main,footer{max-width:1400px;margin:0 auto;padding:0 1rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;align-items:baseline;border-bottom:1px solid var(--rule)}
.brand{font-weight:700;margin:.7em 0}.brand a{color:inherit;text-decoration:none}
.made,footer{color:var(--soft);font-size:.87rem}.made{margin:.7em 0}
h1{font-size:1.35rem;margin:1rem 0 .2rem}h2{font-size:1.05rem;margin:0}h3{font-size:1rem;margin:0 0 .3rem}
p{margin:.25rem 0}code,pre{font:.85rem/1.45 ui-monospace,monospace}
.tally{margin-bottom:.8rem;color:var(--soft)}
.trouble,.lost{border-left:5px solid var(--down);background:var(--panel);padding:.5rem .8rem;margin:.8rem 1rem}
main .trouble{margin:.8rem 0}
.empty{padding:.6rem 0;color:var(--soft)}
${ROWS}
.legend{border-top:1px solid var(--rule);margin-top:1.5rem;padding-top:.8rem;font-size:.87rem}
.legend ul{list-style:none;margin:.4rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
.key{width:12px;height:20px;vertical-align:middle;margin-right:.4em}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);font-size:.87rem;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--rule)}
th{font-size:.8rem;color:var(--soft);font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td,th{overflow-wrap:normal}td{min-width:5em}td bdi,td code{overflow-wrap:anywhere}td time,td.n,th{white-space:nowrap}td details,td>bdi{min-width:14em;display:block}td summary{cursor:pointer}pre{white-space:pre-wrap;background:var(--panel);padding:.5rem;margin:.3rem 0;max-height:16rem;overflow:auto}
.part{margin:1.6rem 0}.one{display:grid;gap:.5rem}.one>*{margin:0}.one .strip{height:26px}
.names{list-style:none;padding:0;margin:.3rem 0;display:flex;flex-wrap:wrap;gap:.2rem 1rem}.part>h2{margin-bottom:.4rem}
.chart{width:100%;min-width:620px;height:auto;max-width:960px;display:block}.chart text{fill:var(--soft);font:11px system-ui,sans-serif}
.chart .grid{stroke:var(--rule);stroke-width:1}.chart .p50,.chart .p95{fill:none;stroke-linecap:round;stroke:var(--N);stroke-width:2}
.chart .lone{stroke-width:7}.chart .p95{stroke:var(--F);stroke-dasharray:5 3}.key-line.p50{color:var(--N)}.key-line.p95{color:var(--F)}
.bar{height:10px;width:100%;max-width:420px;display:block}.bar .rest{fill:var(--rule)}.bar .left{fill:var(--ok)}.bar.low .left{fill:var(--down)}
footer{border-top:1px solid var(--rule);margin-top:2rem}
@media (min-width:900px){${WIDE}}
@media print{:root{${LIGHT}}body{font-size:11px}.skip,.made,.lost{display:none}.target,.part{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (forced-colors:active){.strip path,.key path,.mark,.badge{forced-color-adjust:none}}
`;
