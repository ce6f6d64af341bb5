// SPDX-License-Identifier: EUPL-1.2
// One line at a time: record, hear, again, accept. What a recording is worth, the server judges.

const $ = (id) => document.getElementById(id);
const words = document.body.dataset;
const states = Object.fromEntries(
  [...$("states").content.querySelectorAll("[data-state]")].map((state) => [state.dataset.state, state.textContent]),
);

let lines = [];
let line = null;
let taken = ""; // the file of a recording of this line that is not kept yet
let listened = ""; // the kept file that was heard to its end: nothing else is accepted
let warned = false; // that what was read will be lost
let microphone = null;
let asking = false;
let samples = null; // what is being recorded now

// ---- the server -----------------------------------------------------------------------------------------------------

async function post(what, body) {
  try {
    const answer = await fetch(`lines/${line.number}/${what}`, { method: "POST", body });
    if (answer.status === 404 || answer.status === 409) { // the sentence has changed, or somebody has read it anew
      await load();
      tell(words.changed);
      return null;
    }
    const told = await answer.json();
    tell(told.told);
    return answer.ok ? told : null;
  } catch {
    tell(words.gone);
    return null;
  }
}

async function load() {
  const answer = await fetch("lines");
  const found = await answer.json();
  if (!answer.ok) return tell(found.told); // somebody is changing the card
  lines = found;
  const items = lines.map((each) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${each.number}. ${each.text} (${states[each.state]})`;
    button.addEventListener("click", () => show(each));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  $("lines").replaceChildren(...items);
  $("left").textContent = Object.entries(states)
    .map(([state, name]) => `${name}: ${lines.filter((each) => each.state === state).length}`)
    .join(" · ");
  if (!line) return;
  line = lines.find(({ number }) => number === line.number) ?? null; // a sentence that has changed is another line
  if (line) return show(line, true);
  taken = "";
  next();
}

// ---- one line -------------------------------------------------------------------------------------------------------

const tell = (text) => ($("told").textContent = text);

function show(each, again = false) {
  if (samples) return;
  if (!again) {
    if (taken && !warned) {
      warned = true;
      return tell(words.unkept);
    }
    taken = "";
    tell("");
  }
  warned = false;
  line = each;
  $("number").textContent = `${each.number}. ${states[each.state]}`;
  $("about").textContent = each.about;
  $("text").textContent = each.text;
  const current = lines.indexOf(each);
  for (const [number, item] of [...$("lines").children].entries())
    item.firstChild.toggleAttribute("aria-current", number === current);
  $("lines").children[current]?.scrollIntoView({ block: "nearest" });
  buttons();
}

function buttons() {
  const sounds = taken || ["unheard", "heard"].includes(line?.state);
  $("hear").disabled = Boolean(samples) || !sounds;
  $("keep").disabled = Boolean(samples) || !taken;
  $("heard").disabled = Boolean(samples) || taken || line?.state !== "unheard" || listened !== line.file;
  $("record").disabled = !line;
}

// The next line after this one that wants something: what must be read, then what must be heard; for a listener that first.
function next(first) {
  const begin = lines.indexOf(line) + 1;
  const order = [...lines.slice(begin), ...lines.slice(0, begin)];
  const wants = (...wanted) => order.find((each) => each !== line && wanted.includes(each.state));
  const found = wants(first) ?? wants("missing", "stale") ?? wants("unheard");
  if (found) show(found);
  else tell(words.done);
  buttons();
  $("number").focus({ preventScroll: true });
}

async function done(what) {
  const by = $("by").value.trim();
  if (!by) {
    tell(words.by);
    $("by").focus();
  } else if (await post(what, new URLSearchParams({ by, file: taken || line.file, was: line.file }))) {
    taken = "";
    await load();
    next(what === "heard" ? "unheard" : "");
  }
}

// ---- the microphone -------------------------------------------------------------------------------------------------

async function listen() {
  let context = null;
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  stream.getTracks()[0].addEventListener("ended", () => { // unplugged: half a sentence is none, and it is asked for anew
    microphone = samples = null;
    context?.close();
    stopped();
    tell(words.microphone);
  });
  context = new AudioContext();
  await context.audioWorklet.addModule("static/meter.js");
  const hear = new AudioWorkletNode(context, "hear");
  context.createMediaStreamSource(stream).connect(hear);
  hear.port.onmessage = ({ data }) => {
    samples?.push(data);
    const peak = data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-3);
    $("level").value = Math.max(20 * Math.log10(peak), $("level").value - 0.1); // falls slowly, so that one sees it
  };
  return context;
}

async function record() {
  if (samples) {
    const made = samples;
    samples = null;
    stopped();
    warned = false;
    taken = (await post("take", wav(made, microphone.sampleRate)))?.file ?? "";
    return buttons();
  }
  if (asking) return;
  try {
    asking = true; // a second press while the browser still asks would open it twice, and record everything double
    microphone ??= await listen();
    await microphone.resume();
  } catch {
    microphone = null;
    return tell(words.microphone);
  } finally {
    asking = false;
  }
  $("sound").pause();
  $("record").textContent = words.stop;
  $("line").classList.add("recording");
  tell(words.recording);
  samples = [];
  buttons();
}

function stopped() {
  $("record").textContent = words.record;
  $("line").classList.remove("recording");
  buttons();
}

function wav(parts, rate) {
  const length = 2 * parts.reduce((count, part) => count + part.length, 0);
  const view = new DataView(new ArrayBuffer(44 + length));
  const text = (place, letters) => [...letters].forEach((c, i) => view.setUint8(place + i, c.charCodeAt(0)));
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  text(36, "data");
  for (const [place, value] of [[4, 36 + length], [16, 16], [24, rate], [28, 2 * rate], [40, length]])
    view.setUint32(place, value, true);
  for (const [place, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) view.setUint16(place, value, true);
  let place = 44;
  for (const part of parts)
    for (const sample of part) {
      view.setInt16(place, Math.max(-1, Math.min(1, sample)) * 32767, true);
      place += 2;
    }
  return view;
}

// ---- what the person does -------------------------------------------------------------------------------------------

const actions = {
  record,
  hear() {
    const file = taken || line.file;
    $("sound").src = `sound/${file}`;
    $("sound").onended = () => {
      listened = file;
      buttons();
    };
    $("sound").play();
  },
  keep: () => done("keep"),
  heard: () => done("heard"),
  next,
};
for (const [id, action] of Object.entries(actions)) $(id).addEventListener("click", action);
// Only while the line has the focus (WCAG 2.1.4), so that nobody records by speech or by mistake.
$("line").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  document.querySelector(`#buttons [aria-keyshortcuts="${CSS.escape(event.key)}"]`)?.click();
});

addEventListener("beforeunload", (event) => {
  if (taken || samples) event.preventDefault(); // the browser asks whether it may be lost
});

await load();
next();
