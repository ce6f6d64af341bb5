// SPDX-License-Identifier: EUPL-1.2
// A call as a person makes it, read from the table of the line. It knows nothing of the line: where an event leads, what
// is heard there and how long that lasts all stand in the table.

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const sound = new Sound($("voice"), words.code, JSON.parse($("recordings")?.textContent ?? "null"));
const line = JSON.parse($("line").textContent);

const RINGS = 2; // seconds that the telephone rings before the line answers

let call = null; // the call that is going on, or the last one
let timer = 0;

// ---- the table ------------------------------------------------------------------------------------------------------

// The world at a local moment such as "2026-12-02T14:00"; nothing outside the year of the table.
function worldAt(at) {
  const day = Math.round((Date.parse(`${at.slice(0, 10)}T00:00Z`) - Date.parse(`${line.first}T00:00Z`)) / 864e5);
  const minute = 60 * at.slice(11, 13) + Number(at.slice(14, 16));
  return line.patterns[line.days[day]]?.findLast(([from]) => from <= minute)[1];
}

// A list with one member is the same for every index.
const one = (list, index) => list[list.length === 1 ? 0 : index];

const alike = (at) => one(line.classes[at.plain * line.languages.length + at.language], at.menu);
const key = (at) => Object.values(at).join();

// Where an event leads; null where it cannot happen.
function leads(world, at, event) {
  const column = line.events.indexOf(event);
  const end = line.ends[line.rows[one(line.byTyped[line.ways[line.worlds[world]][alike(at)]], at.typed)]?.[column]];
  if (!end) return null;
  const [to, menu, language] = end;
  return {
    plain: to < 0 ? line.menus[at.menu][-1 - to] : to,
    menu: menu < 0 ? at.menu : menu,
    language: language < 0 ? at.language : language,
    typed: line.typed[at.typed][column] ?? at.typed,
  };
}

function heard(world, at) {
  return line.heards[one(line.heard[alike(at)], world)].map((item) => {
    const [kind, ...rest] = line.items[item];
    if (kind === "said") {
      const [text, number, language, seconds, pause, interruptible, recorded] = rest;
      return { kind, text: line.texts[text], number, language, seconds, pause, interruptible, recorded };
    }
    if (kind === "dialling") return { kind, called: rest[0], caller: rest[1], seconds: rest[2], star: rest[3] };
    return { kind, seconds: rest[0], interruptible: rest[1] };
  });
}

const path = (at) => [line.languages[at.language], line.paths[at.plain]].slice(at.language ? 0 : 1).join("/");

// The shortest row of keys from the beginning to a position, as `ivr call --keys` takes them, and what that is; nothing
// where no caller comes.
function way(world, start, to) {
  const found = new Map([[key(start), ""]]);
  const waiting = [start];
  for (const here of waiting) {
    const keys = found.get(key(here));
    if (path(here) === to) return { keys, here };
    for (const event of line.events) {
      const end = leads(world, here, event);
      if (!end || found.has(key(end))) continue;
      found.set(key(end), keys + event);
      waiting.push(end);
    }
  }
}

// ---- what the person does -------------------------------------------------------------------------------------------

// An event where the line waits for one: the call goes on there.
function act(event, pressed = event) {
  const { moment } = call;
  clearTimeout(timer);
  sound.stop();
  call.keys += pressed;
  caption(words[did(pressed)].replace("{keys}", pressed).replace("{seconds}", moment.seconds), "caller", true);
  const end = leads(call.world, call.state, event);
  call.coming = end ? heard(call.world, end) : call.coming; // after a goodbye the line hangs up
  if (end) call.state = end;
  arrived();
  next();
}

function did(event) {
  return { _: "silentFor", c: "completed", b: "busy", n: "noAnswer", f: "failedConnection" }[event] ?? "pressed";
}

function does(event) {
  const { kind, interruptible, star } = call?.moment ?? {};
  if (!call || call.over) return;
  if (kind === "dialling" ? "cbnf".includes(event) || (star && event === "*") : kind === "waiting" || interruptible)
    act(kind === "dialling" && event === "*" ? "c" : event, event);
}

function press(key) {
  sound.key(key);
  const button = document.querySelector(`#keypad [data-key="${key}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
  does(key);
}

// What is said is skipped, a silence is over.
function onward() {
  const { kind } = call?.moment ?? {};
  if (!call || call.over || kind === "dialling") return;
  if (kind === "waiting") silent();
  else next();
}

function silent() {
  if (call.coming.length) {
    call.keys += "_";
    next(); // the line hangs up
  } else act("_");
}

// "now" is now where the line is, wherever this page is read.
function chosenAt() {
  const chosen = $("at").value === "other" ? $("moment").value : $("at").value;
  if (chosen !== "now") return chosen;
  return new Date().toLocaleString("sv", { timeZone: line.zone }).slice(0, 16).replace(" ", "T");
}

// A call; one `until` some words skips what is said before them.
function begin({ at = chosenAt(), position = $("position").value, until = "" } = {}) {
  if (call && !call.over) return;
  $("phone").focus({ preventScroll: true });
  const world = worldAt(at);
  if (world === undefined) return status(words.noMoment);
  const start = { plain: line.start, menu: 0, language: Math.max(0, $("language").selectedIndex), typed: 0 };
  const ahead = way(world, start, position || path(start));
  if (!ahead) return status(words.unreachable);
  const { keys, here: state } = ahead;
  call = { at, world, keys, state, language: $("language").value, until: until.split(" … ")[0], over: false };
  call.coming = [{ kind: "ringing", seconds: RINGS }, ...heard(world, call.state)];
  $("captions").replaceChildren();
  going(true);
  sound.choose($("sound").value);
  arrived();
  next();
}

function hangUp() {
  if (!call || call.over) return;
  status(words.hungUp);
  caption(words.hungUp, "aside", true);
  ended();
}

function ended() {
  call.over = true;
  call.moment = { kind: "ended" };
  clearTimeout(timer);
  sound.stop();
  light();
  show({ kind: "ended" });
  going(false);
}

// ---- what the line does ---------------------------------------------------------------------------------------------

function arrived() {
  document.dispatchEvent(new Event("arrived")); // who develops sees more beside a server
  light();
  if (sound.kind === "none")
    $("announced").textContent = call.coming.map(({ text }) => text).filter(Boolean).join(" "); // once an answer
}

// The next moment: what takes time goes on by itself once that is over.
function next() {
  clearTimeout(timer);
  const mine = call;
  const told = mine.coming.shift();
  if (!told) return ended();
  happens(told);
  const { kind, text, pause, seconds } = told;
  if (kind === "ended") return ended();
  if (mine.until && ["ringing", "said"].includes(kind)) {
    if (!text || !mine.until.startsWith(text)) return next();
    mine.until = "";
  }
  const after = (wait, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, 1000 * wait);
  };
  const over = () => after(pause, next);
  if (kind === "said" && text) {
    // What has a sound tells when it is over, unless it fails.
    after(sound.kind === "none" ? seconds : 5 + 3 * seconds, over);
    sound.play(told, over, () => {
      status(words.soundFails);
      after(seconds, over);
    });
  } else if (kind === "said") over();
  else if (kind === "waiting") after(seconds, silent);
  else if (kind === "dialling") after(seconds, () => act("c"));
  else after(seconds, next);
}

function happens(told) {
  call.moment = told;
  sound.stop();
  show(told);
  const { kind, text, number, language } = told;
  const now = { said: words.said, waiting: words.waiting, ringing: words.ringing, ended: words.hangsUp }[kind];
  if (kind === "dialling") {
    status(words.dialling.replace("{number}", told.called).replace("{caller_id}", told.caller));
    caption($("status").textContent, "aside", true);
  } else if (now) status(now);
  if (kind === "said" && text) caption(text, "line", false, language, number);
  if (kind === "ringing" || kind === "dialling") sound.ring();
  if (kind === "ended") caption(words.hangsUp, "aside", true);
}

function status(text) {
  if ($("status").textContent !== text) $("status").textContent = text; // the same again is not announced again
}

function going(on) {
  $("call").setAttribute("aria-disabled", String(on));
  $("hangup").setAttribute("aria-disabled", String(!on));
}

// A row for each sentence of the map, with its number: there somebody can write what they think of it.
function caption(text, who, begins, language = "", number = 0) {
  const captions = $("captions");
  captions.querySelector(".now")?.classList.remove("now");
  const last = captions.lastElementChild;
  const goesOn = !begins && last?.className === who && last.dataset.number === String(number) && number;
  const row = goesOn ? last : document.createElement("p");
  if (!goesOn) row.className = who;
  row.dataset.number = number;
  if (!goesOn && number && !words.version) row.append(remarkButton(number, line.languages[call.state.language]));
  const piece = document.createElement("span");
  piece.textContent = text;
  if (who === "line") piece.dataset.heard = "";
  if (language) piece.lang = $("current").lang = language;
  piece.className = who === "line" ? "now" : "";
  row.append(row.hasChildNodes() ? " " : "", piece);
  if (!goesOn) captions.append(row);
  captions.scrollTop = captions.scrollHeight;
  $("current").textContent = who === "line" ? text : "";
}

let ticking = 0;

// What can be done at this moment.
function show({ kind, seconds, star }) {
  const focused = document.activeElement;
  $("phone").dataset.phase = kind;
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

// The area of a call that goes on, on the map.
function light() {
  const lit = call && !call.over ? line.keys[call.state.plain] : "";
  for (const link of document.querySelectorAll("#map [data-area]")) {
    const here = link.dataset.area === lit;
    link.classList.toggle("lit", here);
    if (here) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}
