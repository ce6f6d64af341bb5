// SPDX-License-Identifier: EUPL-1.2
// What readers think of a sentence, written beside it in the call or on the map. It stays in this page until they copy
// or save it.

const remarks = new Map(); // by language and number of the sentence, and the moment of the call

function remarkButton(number, language) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "number";
  button.textContent = number;
  button.dataset.remarkAt = number;
  button.setAttribute("aria-label", words.remarkAt.replace("{number}", number));
  button.addEventListener("click", () => remark(language, number, button));
  return button;
}

function sentence(language, number) {
  return document.querySelector(`#map [data-language="${language}"] [data-number="${number}"]`)?.textContent ?? "";
}

// A field beside the sentence, with a verdict, for each moment at which somebody wrote of it; there again wherever the
// sentence is.
function remark(language, number, button) {
  const of = `${language} ${number}`;
  const here = call && button.closest("#captions");
  const at = here ? { moment: call.at, position: path(call.state) } : {};
  const id = `${of} ${at.moment ?? ""}`.trim();
  if (!remarks.has(id)) {
    const field = $("remark").content.firstElementChild.cloneNode(true);
    field.querySelector("p").textContent = at.moment?.replace("T", " ") ?? "";
    field.querySelector("textarea").dataset.remark = id;
    field.querySelector("textarea").setAttribute("aria-label", words.remarkAt.replace("{number}", number));
    field.addEventListener("change", written);
    remarks.set(id, { of, field, told: { language, number: Number(number), sentence: sentence(language, number), ...at } });
  }
  for (const each of remarks.values()) if (each.of === of) button.parentElement.after(each.field);
  const { field } = remarks.get(id);
  button.parentElement.after(field);
  field.querySelector("textarea").focus();
}

function all() {
  return [...remarks.values()].flatMap(({ field, told }) => {
    const [verdict, remark] = [field.querySelector("select").value, field.querySelector("textarea").value.trim()];
    return verdict || remark ? [{ ...told, verdict, remark }] : [];
  });
}

function written() {
  const told = all();
  $("written").textContent = told.map(({ number, language }) => `${number} (${language})`).join(", ");
  for (const id of ["remarks-copy", "remarks-save"]) $(id).disabled = !told.length;
}

const report = () => JSON.stringify({ card: words.card, name: $("reader").value.trim(), remarks: all() }, null, 1);

$("remarks-copy").addEventListener("click", () => copy(report()));
$("remarks-save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([report()], { type: "application/json" }));
  link.download = words.remarksFile;
  link.click();
});
for (const each of document.querySelectorAll("#map [data-language] [data-number]"))
  each.before(remarkButton(each.dataset.number, each.closest("[data-language]").dataset.language));
addEventListener("beforeunload", (event) => all().length && event.preventDefault());
