// SPDX-License-Identifier: EUPL-1.2
// Beside a server: the page is made anew once a file was saved, and whoever develops sees the call as a command, as a
// transcript and as TwiML.

async function told(part) {
  const { at, keys, language } = call;
  const asked = new URLSearchParams({ version: words.version, at, keys, language });
  try {
    const answer = (await (await fetch(`told?${asked}`)).json())[part];
    if (!answer) status(words.older);
    return answer;
  } catch {
    status(words.gone);
  }
}

async function copied(part) {
  const text = await told(part);
  if (text) copy(text);
}
$("copy-command").addEventListener("click", () => copied("command"));
$("copy-transcript").addEventListener("click", () => copied("transcript"));

async function arrives() {
  for (const id of ["copy-command", "copy-transcript"]) $(id).disabled = false;
  $("here").textContent = path(call.state);
  if ($("twiml").parentElement.open) $("twiml").textContent = (await told("twiml"))?.replaceAll("><", ">\n<") ?? "";
}
document.addEventListener("arrived", arrives);
$("twiml").parentElement.addEventListener("toggle", () => call && arrives());

// A call that goes on is left alone; a mistake is told at once. What was chosen and opened is so again.
const opened = () => [...document.querySelectorAll("details")];
const kept = JSON.parse(sessionStorage.getItem("kept") ?? "{}");
for (const part of opened()) part.open = kept.open?.includes(part.id) ?? part.open;
if ([...$("sound").options].some(({ value, disabled }) => value === kept.sound && !disabled)) $("sound").value = kept.sound;

let leaves = false; // the page is being made, which takes a while
function leave(calls) {
  const open = opened().flatMap((part) => (part.open ? [part.id] : []));
  sessionStorage.setItem("kept", JSON.stringify({ open, sound: $("sound").value, calls }));
  if (!leaves) location.reload();
  leaves = true;
}

// Returns whether the page is made anew, and then `calls`.
async function look(calls = false) {
  if (leaves && calls) leave(calls);
  if (leaves || document.hidden) return leaves;
  try {
    const { version, wrong } = await (await fetch("state")).json();
    if ($("status").textContent === words.gone) status(words.ready);
    $("mistake").hidden = $("to-mistake").hidden = !wrong;
    if ($("mistake").lastElementChild.textContent !== wrong) $("mistake").lastElementChild.textContent = wrong;
    if (version === words.version || (call && !call.over)) return false;
    leave(calls);
    return true;
  } catch {
    status(words.gone);
    return false;
  }
}
setInterval(look, 2000);
start = async () => (await look(true)) || begin(); // what was saved a moment ago is heard
if (kept.calls) begin();
sessionStorage.removeItem("kept");
