/**
 * What makes a page live: it waits for word that something has changed, asks for the page again and
 * puts the new one in the old one's place, but for where the reader is. Without it the page asks for
 * itself again now and then.
 */
export const LIVE_SCRIPT = `"use strict";
(() => {
  const lost = document.getElementById("lost");
  const said = document.getElementById("said");
  let busy = false;
  let again = false;
  const openOnes = () => [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
  const place = (next) => {
    const open = openOnes();
    const focused = document.activeElement;
    const href = focused && focused.getAttribute("href");
    const id = focused && focused.id;
    const tally = (document.getElementById("tally") || {}).textContent;
    document.getElementById("main").replaceWith(document.adoptNode(next.getElementById("main")));
    document.querySelector(".made").replaceWith(document.adoptNode(next.querySelector(".made")));
    document.title = next.title;
    for (const one of open) {
      const details = document.getElementById(one);
      if (details) details.open = true;
    }
    const back = (id && document.getElementById(id)) ||
      (href && [...document.links].find((link) => link.getAttribute("href") === href));
    if (back && back !== document.activeElement) back.focus({ preventScroll: true });
    const now = (document.getElementById("tally") || {}).textContent;
    if (now !== tally && now) said.textContent = now;
  };
  const renew = async () => {
    if (busy || document.hidden) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) {
        place(new DOMParser().parseFromString(await answer.text(), "text/html"));
        lost.hidden = true;
      }
    } catch {
      gone();
    }
    busy = false;
    if (again) { again = false; renew(); }
  };
  const gone = () => {
    lost.textContent = "Vigil does not answer: this is how things were when it last did.";
    lost.hidden = false;
  };
  document.addEventListener("visibilitychange", () => {
    if (again && !document.hidden) { again = false; renew(); }
  });
  const events = new EventSource("/events");
  events.addEventListener("changed", renew);
  events.addEventListener("error", gone);
  events.addEventListener("open", () => { lost.hidden = true; });
})();
`;
