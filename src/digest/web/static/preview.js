// Reading works without any of this. It adds: the page follows what is saved, and keys.
"use strict";

const pulse = () => document.getElementById("pulse");

// Put the newest state of this same address in place of the old one; what has the focus keeps it.
async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.getAttribute("href");
  const y = scrollY;
  for (const id of ["rail", "main"]) document.getElementById(id).replaceWith(next.getElementById(id));
  document.title = next.title;
  document.body.dataset.rev = next.body.dataset.rev;
  scrollTo(0, y);
  if (focused) document.querySelector(`#main [href="${CSS.escape(focused)}"], #rail [href="${CSS.escape(focused)}"]`)?.focus();
  ready();
}

function follow() {
  let last = null;
  const stream = new EventSource("/-/events");
  stream.addEventListener("hello", (event) => {
    pulse().textContent = pulse().dataset.live;
    pulse().classList.remove("lost");
    if (last !== null && last !== event.data) refresh();
    last = event.data;
  });
  stream.addEventListener("new", (event) => { last = event.data; refresh(); });
  stream.addEventListener("error", () => {
    pulse().textContent = pulse().dataset.lost;
    pulse().classList.add("lost");
  });
  addEventListener("pagehide", () => stream.close());
}

function cycle(key) {
  const links = [...document.querySelectorAll(`[data-cycle="${key}"] a`)];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(now + 1) % links.length]?.click();
}

function step(by) {
  const links = [...document.querySelectorAll("#rail a[data-issue]")];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[now + by]?.click();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const key = event.key;
  if (key === "?") document.getElementById("keys").showModal();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if ("wdi".includes(key)) cycle(key);
  else document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
}

function ready() {
  const open = document.getElementById("keys-open");
  open.hidden = false;
  open.onclick = () => document.getElementById("keys").showModal();
}

ready();
follow();
document.addEventListener("keydown", onKey);
