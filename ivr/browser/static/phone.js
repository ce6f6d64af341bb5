// SPDX-License-Identifier: EUPL-1.2
// The page round a call: its buttons and keys, when and where the next call begins, what changed, the map, and the files.

import { $, begin, call, chosenAt, does, gone, hangUp, light, onward, post, press, sound, status, words } from "./call.js";

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
    const told = await post("copy", call.call);
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

async function compare() {
  if (!$("diff").open) return;
  const { heading, told } = await (await fetch("diff")).json();
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
}
$("diff").addEventListener("toggle", compare);

// The map: each box begins a call there, and the place of a call that goes on is lit. Without graphviz it is a list.
async function draw() {
  if (!$("map").open) return;
  const { svg, boxes = {} } = await (await fetch("map")).json();
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
$("map").addEventListener("toggle", draw);

// Whose card it is, where a call can begin, and what is wrong with the files: asked every other second while somebody looks.
let version = 0;
async function look() {
  if (document.hidden) return;
  try {
    const state = await (await fetch(`state?version=${version}`)).json();
    if ($("status").textContent === words.gone) status(words.ready);
    if (state.version === version) return;
    if (!state.wrong && !$("mistake").hidden) status(words.mended);
    $("mistake").hidden = $("to-mistake").hidden = !state.wrong;
    $("mistake").lastElementChild.textContent = state.wrong;
    if (state.groups) offer(state); // with a mistake the places of before stay
    if (!version) recall();
    version = state.version;
    draw();
    if (!state.wrong) compare();
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
