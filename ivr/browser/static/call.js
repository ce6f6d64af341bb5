// SPDX-License-Identifier: EUPL-1.2
// A call as a person makes it. It plays what the server tells and notes what the person does; it knows nothing of the
// line, and nothing here decides what comes next, nor how long it lasts.

import { Sound } from "./sound.js";

export const $ = (id) => document.getElementById(id);
export const words = document.body.dataset;
export const sound = new Sound($("voice"), words.code);

export let call = null; // the call that is going on, or the last one: what it is, and what was done in it
let timer = 0;

// ---- what the person does -------------------------------------------------------------------------------------------

export async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  if (!answer.ok) throw new Error(url);
  return answer.json();
}

// The call is told anew with all that was done in it. What is pressed meanwhile is done next: 1-1-2 arrives as 1-1-2.
async function act(action) {
  const mine = call;
  if (!mine?.call || mine.over) return;
  if (mine.asking) {
    mine.later.push(action);
    return;
  }
  clearTimeout(timer);
  sound.stop();
  if (mine.moment) mine.call.done[mine.moment.n] = action;
  mine.asking = true;
  try {
    mine.coming = await post("call", mine.call);
  } catch {
    ended(mine);
    return gone();
  }
  mine.asking = false;
  next(mine);
}

function fits(action, { kind, interruptible, hangup_on_star: star }) {
  if (action?.hangup) return true;
  if (action?.outcome) return kind === "dialling";
  return action?.keys && (kind === "waiting" || interruptible || (star && action.keys === "*"));
}

export function does(action) {
  if (call?.asking || fits(action, call?.moment ?? {})) act(action);
}

export function press(key) {
  sound.key(key);
  const button = document.querySelector(`#keypad [data-key="${key}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
  does({ keys: key });
}

// What is said is skipped, a silence is over.
export function onward() {
  const { kind } = call?.moment ?? {};
  if (!call || call.over || call.asking || kind === "dialling") return;
  if (kind === "waiting") act(null);
  else next(call);
}

export function chosenAt() {
  return $("at").value === "other" ? $("moment").value : $("at").value;
}

// A call; one `until` some words skips what is said before them.
export async function begin({ at = chosenAt(), position = $("position").value, until = "" } = {}) {
  if (call && !call.over) return;
  $("phone").focus({ preventScroll: true });
  const mine = { over: false, later: [], coming: [], until: until.split(" … ")[0] };
  call = mine;
  $("captions").replaceChildren();
  $("transcript").textContent = "";
  going(true);
  sound.choose($("sound").value);
  try {
    const told = await post("begin", { at, position });
    if (told.refused) {
      status(told.refused);
      return ended(mine);
    }
    mine.call = told;
  } catch {
    ended(mine);
    return gone();
  }
  $("copy-command").disabled = $("copy-transcript").disabled = false;
  act();
}

export function hangUp() {
  does({ hangup: true });
}

function ended(mine) {
  mine.over = true;
  clearTimeout(timer);
  sound.stop();
  light();
  show({});
  going(false);
}

export function gone() {
  status(words.gone);
}

// ---- what the server tells ------------------------------------------------------------------------------------------

// The next moment: what takes time goes on by itself once that is over.
function next(mine) {
  clearTimeout(timer);
  for (;;) {
    const told = mine.coming.shift();
    if (!told) return ended(mine);
    happens(told, mine);
    if (!["answer", "did", "failed", "ended"].includes(told.kind)) break;
  }
  const { kind, text, pause, seconds } = mine.moment;
  if (mine.until && ["ringing", "said", "paused", "played"].includes(kind)) {
    if (!text || !mine.until.startsWith(text)) return next(mine);
    mine.until = "";
  }
  while (mine.later.length) {
    const action = mine.later.shift(); // what is no answer to it is lost, as on a line
    if (fits(action, mine.moment)) return act(action);
  }
  const after = (wait, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, 1000 * wait);
  };
  const over = () => after(pause, () => next(mine));
  if (kind === "said" && text) {
    // What has a sound tells when it is over, unless it fails.
    after(sound.kind === "none" ? seconds : 5 + 3 * seconds, over);
    sound.play(mine.moment, over, () => {
      status(words.soundFails);
      after(seconds, over);
    });
  } else if (kind === "said") over();
  else if (kind === "waiting") after(seconds, () => act(null));
  else if (kind !== "dialling") after(seconds, () => next(mine));
  else after(mine.moment.time_limit, () => act({ outcome: "completed" }));
}

function happens(told, mine) {
  $("transcript").textContent += told.transcript;
  if (told.kind === "answer") {
    $("place").textContent = told.position;
    mine.place = told.place;
    light();
    $("twiml").textContent = told.twiml.replaceAll("><", ">\n<");
    if (sound.kind === "none") $("announced").textContent = told.text; // once an answer: no flood for a screen reader
    return;
  }
  if (told.kind === "did") {
    caption(told.status, "caller", true);
    return;
  }
  mine.moment = told;
  sound.stop();
  show(told);
  if (told.status) status(told.status);
  if (told.kind === "said" && told.text) caption(told.text, "line", !told.goes_on, told.language);
  if (told.kind === "ringing" || told.kind === "dialling") sound.ring();
  if (told.kind === "ended") caption(told.status, "aside", true);
}

export function status(text) {
  if ($("status").textContent !== text) $("status").textContent = text; // the same again is not announced again
}

function going(on) {
  $("call").setAttribute("aria-disabled", String(on));
  $("hangup").setAttribute("aria-disabled", String(!on));
}

function caption(text, who, begins, language = "") {
  const captions = $("captions");
  captions.querySelector(".now")?.classList.remove("now");
  const last = captions.lastElementChild;
  const row = begins || last?.className !== who ? document.createElement("p") : last;
  row.className = who;
  const piece = document.createElement("span");
  piece.textContent = text;
  if (language) piece.lang = $("current").lang = language;
  piece.className = who === "line" ? "now" : "";
  row.append(row.hasChildNodes() ? " " : "", piece);
  captions.append(row);
  captions.scrollTop = captions.scrollHeight;
  $("current").textContent = who === "line" ? text : "";
}

let ticking = 0;

// What can be done at this moment; the countdown only shows what the server counts.
function show({ kind, seconds, hangup_on_star: star }) {
  const focused = document.activeElement;
  clearInterval(ticking);
  for (const part of ["progress", "#left"]) $("wait").querySelector(part).hidden = kind !== "waiting";
  $("onward").hidden = !kind || kind === "dialling" || kind === "ended";
  $("onward").textContent = kind === "waiting" ? words.silent : words.onward;
  $("connection").hidden = kind !== "dialling";
  $("keypad").hidden = kind === "dialling"; // only a star does something there, and it has a button of its own
  $("connection").querySelector("[data-key]").hidden = !star;
  // Who was at a button that is gone stays at the telephone, or their keys would go nowhere.
  if ($("phone").contains(focused)) {
    if (kind === "dialling") $("connection").querySelector("button").focus();
    else if (!focused.getClientRects().length) $("phone").focus({ preventScroll: true });
  }
  if (kind !== "waiting") return;
  const until = performance.now() + 1000 * seconds;
  const tick = () => {
    const left = Math.max(0, until - performance.now()) / 1000;
    $("wait").firstElementChild.value = left / seconds;
    $("left").textContent = `${Math.ceil(left)} s`;
  };
  tick();
  ticking = setInterval(tick, 100);
}

// The place of a call that goes on, on the map.
export function light() {
  for (const link of document.querySelectorAll("#map a")) {
    const here = call && !call.over && link.dataset.place === call.place;
    link.classList.toggle("lit", here);
    if (here) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}
