// SPDX-License-Identifier: EUPL-1.2
// The page round a call: its buttons and keys, when and where the next call begins, what changed, and the map.

const OUTCOMES = { completed: "c", busy: "b", "no-answer": "n", failed: "f" };

let start = () => begin();
$("call").addEventListener("click", () => start());
$("hangup").addEventListener("click", hangUp);
$("onward").addEventListener("click", onward);
for (const button of document.querySelectorAll("#phone [data-key]"))
  button.addEventListener("click", () => press(button.dataset.key));
for (const button of document.querySelectorAll("[data-outcome]"))
  button.addEventListener("click", () => does(OUTCOMES[button.dataset.outcome]));

// Only while the telephone has the focus (WCAG 2.1.4), so that nobody presses a key of it by speech or by mistake.
$("phone").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const action = { Escape: hangUp, ArrowRight: onward }[event.key] ?? (/^[0-9*#]$/.test(event.key) && (() => press(event.key)));
  if (!action) return;
  event.preventDefault();
  action();
});

// Moment, position and language stand in the address, so that a colleague can be sent it.
const KEPT = ["at", "position", "language"];
function remember() {
  const at = $("at").value === "other" ? $("moment").value : $("at").value;
  const told = { at, position: $("position").value, language: $("language").value };
  history.replaceState(null, "", `#${new URLSearchParams(told)}`);
}
function recall() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const id of KEPT) {
    const wanted = asked.get(id);
    if (wanted && [...$(id).options].some(({ value }) => value === wanted)) $(id).value = wanted;
    else if (id === "at" && wanted) {
      $("at").value = "other";
      $("moment").value = wanted;
    } else $(id).selectedIndex = Math.max(0, [...$(id).options].findIndex((each) => each.defaultSelected));
  }
  $("moment").parentElement.hidden = $("at").value !== "other";
  chosen();
}
// The map is in the language in which the line answers, and on paper it is not folded.
function chosen() {
  for (const areas of document.querySelectorAll("#map [data-language]"))
    areas.hidden = areas.dataset.language !== $("language").value;
}
for (const id of [...KEPT, "moment"]) $(id).addEventListener("change", remember);
$("language").addEventListener("change", chosen);
addEventListener("beforeprint", () => ($("map").open = true));
addEventListener("hashchange", recall);
$("at").addEventListener("change", () => {
  $("moment").parentElement.hidden = $("at").value !== "other";
  if ($("at").value === "other" && !$("moment").value) $("moment").value = `${line.first}T14:00`;
});
recall();

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    $("copied").textContent = words.copied;
    setTimeout(() => ($("copied").textContent = ""), 3000);
  } catch {
    $("text").value = text;
    $("text").hidden = false;
    $("text").select();
    $("copied").textContent = words.copyRefused;
  }
}

// An area on the map, or what changed, begins a call there.
for (const link of document.querySelectorAll("#map svg a")) {
  const key = (link.getAttribute("href") ?? link.getAttribute("xlink:href")).slice(1);
  link.dataset.area = key;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    begin({ position: line.paths[line.keys.indexOf(key)] });
  });
}
for (const button of document.querySelectorAll("[data-begin]"))
  button.addEventListener("click", () => begin({ ...button.dataset, position: button.dataset.begin }));

sound.whenVoice(() => {
  const option = $("sound").querySelector("[value=voice]");
  option.hidden = option.disabled = false;
  $("no-sound").hidden = true;
  if ($("sound").value === "none") option.selected = true;
});
