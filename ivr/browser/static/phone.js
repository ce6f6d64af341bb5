// SPDX-License-Identifier: EUPL-1.2
// The telephone as a person holds it. It plays what the server tells and notes what the person does; it knows nothing of
// the line, and nothing here decides what comes next, nor how long it lasts.

import { Sound } from "./sound.js";

const $ = (id) => document.getElementById(id);
const words = document.body.dataset;
const sound = new Sound($("voice"), words.code);

let call = null; // the call that is going on, or the last one: what it is, and what was done in it
let timer = 0;

// ---- what the person does -------------------------------------------------------------------------------------------

async function post(url, body) {
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
    mine.coming = await post("/call", mine.call);
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

function does(action) {
  if (call?.asking || fits(action, call?.moment ?? {})) act(action);
}

function press(key) {
  sound.key(key);
  const button = document.querySelector(`#keypad [data-key="${key}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
  does({ keys: key });
}

// What is said is skipped, a silence is over.
function onward() {
  const { kind } = call?.moment ?? {};
  if (!call || call.over || call.asking || kind === "dialling") return;
  if (kind === "waiting") act(null);
  else next(call);
}

// A call; one `until` some words skips what is said before them.
async function begin({ at = chosenAt(), position = $("position").value, until = "" } = {}) {
  if (call && !call.over) return;
  $("phone").focus({ preventScroll: true });
  const mine = { over: false, later: [], coming: [], until: until.split(" … ")[0] };
  call = mine;
  $("captions").replaceChildren();
  $("transcript").textContent = "";
  going(true);
  sound.choose($("sound").value);
  try {
    const told = await post("/begin", { at, position });
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

function hangUp() {
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

function gone() {
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

function status(text) {
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

// ---- the page -------------------------------------------------------------------------------------------------------

$("call").addEventListener("click", () => begin());
$("hangup").addEventListener("click", hangUp);
$("onward").addEventListener("click", onward);
for (const button of document.querySelectorAll("[data-key]"))
  button.addEventListener("click", () => press(button.dataset.key));
for (const button of document.querySelectorAll("[data-outcome]"))
  button.addEventListener("click", () => does({ outcome: button.dataset.outcome }));

// Only while the telephone has the focus (WCAG 2.1.4), so that nobody presses a key of it by speech or by mistake.
$("phone").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const action = { Escape: hangUp, ArrowRight: onward }[event.key] ?? (/^[0-9*#]$/.test(event.key) && (() => press(event.key)));
  if (!action) return;
  event.preventDefault();
  action();
});

function chosenAt() {
  return $("at").value === "other" ? $("moment").value : $("at").value;
}

// Moment and place stand in the address, so that a colleague can be sent it.
function remember() {
  history.replaceState(null, "", `#${new URLSearchParams({ at: chosenAt(), position: $("position").value })}`);
}

function recall() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const at = asked.get("at") ?? "now";
  $("at").value = at;
  if ($("at").value !== at) {
    $("at").value = "other";
    $("moment").value = at;
  }
  $("moment").parentElement.hidden = $("at").value !== "other";
  $("position").value = asked.get("position") ?? "";
  if ($("position").value !== (asked.get("position") ?? "")) $("position").value = "";
}
for (const id of ["at", "moment", "position"]) $(id).addEventListener("change", remember);
addEventListener("hashchange", recall);

$("at").addEventListener("change", () => {
  const other = $("at").value === "other";
  $("moment").parentElement.hidden = !other;
  if (other && !$("moment").value) {
    const now = new Date();
    $("moment").value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    remember();
  }
});

async function copy(part) {
  try {
    const told = await post("/copy", call.call);
    try {
      await navigator.clipboard.writeText(told[part]);
      $("copied").textContent = words.copied;
    } catch {
      $("transcript").textContent = told[part];
      $("transcript").parentElement.open = true;
      $("copied").textContent = words.copyRefused;
      return;
    }
  } catch {
    return gone();
  }
  setTimeout(() => ($("copied").textContent = ""), 3000);
}
$("copy-command").addEventListener("click", () => copy("command"));
$("copy-transcript").addEventListener("click", () => copy("transcript"));

$("diff").addEventListener("toggle", async () => {
  if (!$("diff").open) return;
  const { heading, told } = await (await fetch("/diff")).json();
  $("diff").querySelector("p").textContent = heading;
  $("diff").querySelector("ul").replaceChildren(
    ...told.map(([text, found]) => {
      const row = document.createElement("li");
      row.append(text);
      if (found) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = `▶ ${words.listen}`;
        button.addEventListener("click", () => begin(found));
        row.append(" ", button);
      }
      return row;
    }),
  );
});

// The map: each box begins a call there, and the place of a call that goes on is lit. Without graphviz it is a list.
async function draw() {
  if (!$("map").open) return;
  const { svg, boxes = {} } = await (await fetch("/map")).json();
  const drawing = $("map").querySelector("div");
  drawing.innerHTML = svg ?? "";
  if (svg === "")
    for (const [key, { name }] of Object.entries(boxes)) {
      const link = document.createElement("a");
      link.href = `#${key}`;
      link.textContent = name;
      drawing.append(link);
    }
  for (const link of drawing.querySelectorAll("a")) {
    const key = (link.getAttribute("href") ?? link.getAttribute("xlink:href")).slice(1);
    link.dataset.place = key;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      begin({ position: boxes[key].position });
    });
  }
  light();
}
function light() {
  for (const link of document.querySelectorAll("#map a")) {
    const here = call && !call.over && link.dataset.place === call.place;
    link.classList.toggle("lit", here);
    if (here) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}
$("map").addEventListener("toggle", draw);

// Whose card it is, where a call can begin, and what is wrong with the files: asked every other second while somebody looks.
let version = 0;
async function look() {
  if (document.hidden) return;
  try {
    const state = await (await fetch(`/state?version=${version}`)).json();
    if ($("status").textContent === words.gone) status(words.ready);
    if (state.version === version) return;
    if (!state.wrong && !$("mistake").hidden) status(words.mended);
    $("mistake").hidden = $("to-mistake").hidden = !state.wrong;
    $("mistake").lastElementChild.textContent = state.wrong;
    if (state.groups) offer(state); // with a mistake the places of before stay
    if (!version) recall();
    version = state.version;
    draw();
  } catch {
    gone();
  }
}

function offer({ name, groups }) {
  $("card").textContent = words.card.replace("{name}", name);
  const { value } = $("position");
  const [beginning] = $("position").options;
  const several = new Set(groups.map(([, code]) => code)).size > 1;
  const places = groups.map(([place, code, positions]) => {
    const group = document.createElement("optgroup");
    group.label = several ? `${place} (${code})` : place;
    group.lang = code;
    group.append(...positions.map(([path, turn]) => new Option(`${place}: ${turn}`, path)));
    return group;
  });
  $("position").replaceChildren(beginning, ...places);
  $("position").value = value;
  if ($("position").selectedIndex < 0) $("position").value = "";
}
look();
setInterval(look, 2000);

sound.whenVoice(() => {
  const option = $("sound").querySelector("[value=voice]");
  option.hidden = option.disabled = false;
  $("no-sound").hidden = true;
  if ($("sound").value === "none") option.selected = true;
});
