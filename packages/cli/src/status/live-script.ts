/**
 * What makes a page live: it waits for word that something has changed, asks for the page again and
 * puts the new one in the old one's place, but for where the reader is: what is open, focused or
 * scrolled stays so, and while text is selected nothing changes. Without it the page asks for
 * itself again now and then.
 */
export const LIVE_SCRIPT = `"use strict";
(() => {
  const lost = document.getElementById("lost");
  const said = document.getElementById("said");
  let busy = false;
  let again = false;
  const told = () => [...document.querySelectorAll("#tally, .trouble")]
    .map((one) => one.textContent).join(" ");
  const selecting = () => !document.getSelection().isCollapsed;
  const held = () => document.hidden || selecting();
  const openOnes = () => [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
  const keyOf = (one) => one.id || one.getAttribute("href") || one.getAttribute("aria-label") ||
    (one.parentElement && one.parentElement.id);
  const scrolls = () => new Map([...document.querySelectorAll(".scroll")]
    .map((one) => [keyOf(one), one.scrollLeft]));
  const place = (next) => {
    const open = openOnes();
    const sideways = scrolls();
    const focused = document.activeElement;
    const key = focused && focused !== document.body && keyOf(focused);
    const before = told();
    document.getElementById("main").replaceWith(document.adoptNode(next.getElementById("main")));
    document.querySelector(".made").replaceWith(document.adoptNode(next.querySelector(".made")));
    document.title = next.title;
    for (const one of open) {
      const details = document.getElementById(one);
      if (details) details.open = true;
    }
    for (const one of document.querySelectorAll(".scroll")) {
      one.scrollLeft = sideways.get(keyOf(one)) || 0;
    }
    const back = key && [...document.querySelectorAll("a, summary, [tabindex]")]
      .find((one) => one.tagName === focused.tagName && keyOf(one) === key);
    if (back && back !== document.activeElement) back.focus({ preventScroll: true });
    if (told() !== before) said.textContent = told();
  };
  const renew = async () => {
    if (busy || held()) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const text = await answer.text();
      if (held()) {
        again = true;
      } else if (answer.ok) {
        place(new DOMParser().parseFromString(text, "text/html"));
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
  const resume = () => {
    if (again && !busy && !held()) { again = false; renew(); }
  };
  document.addEventListener("visibilitychange", resume);
  document.addEventListener("selectionchange", resume);
  const events = new EventSource("/events");
  events.addEventListener("changed", renew);
  events.addEventListener("error", gone);
  events.addEventListener("open", () => { lost.hidden = true; });
})();
`;
