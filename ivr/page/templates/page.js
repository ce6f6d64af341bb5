"use strict";
{
  // How GOV.UK's "Exit this page" does it: Shift, since Escape stops, closes and leaves full screen; five seconds a press.
  const PATIENCE = 5000;
  const exit = document.getElementById("exit");
  const status = document.getElementById("status");
  let presses = 0;
  let alone = false;
  let leaving = false;
  let timer;

  const say = (text) => { status.textContent = text; };
  const blank = (hidden) => {
    for (const part of document.body.children) if (part !== status) part.hidden = hidden;
  };
  const start = () => { // also when somebody comes back, to a page that the browser kept blank
    clearTimeout(timer);
    presses = 0;
    leaving = false;
    blank(false);
    say("");
  };
  const stop = () => {
    if (leaving || presses === 0) return;
    start();
    say(status.dataset.over);
    timer = setTimeout(say, PATIENCE, "");
  };
  const leave = () => {
    clearTimeout(timer);
    leaving = true; // and no key brings the page back
    blank(true);
    say(status.dataset.leaving);
    location.replace(exit.href); // so that Back does not lead here
  };
  const other = () => {
    alone = false;
    stop();
  };

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Shift") alone = true;
    else other();
  }, true);
  addEventListener("pointerdown", other, true);
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || leaving) return;
    presses += 1;
    if (presses === 3) return leave();
    say(status.dataset[3 - presses]);
    clearTimeout(timer);
    timer = setTimeout(stop, PATIENCE);
  }, true);
  addEventListener("pageshow", start);

  // What holds for a while has its date in it, and goes when it is over: in a tab that stays open, after Back, on paper.
  const look = () => {
    for (const told of document.querySelectorAll("[data-until]"))
      told.hidden = Date.now() >= Date.parse(told.dataset.until);
  };
  look();
  setInterval(look, 5000);
  for (const event of ["pageshow", "visibilitychange", "beforeprint"]) addEventListener(event, look);

  // Ways inside the page leave nothing in the history.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.replace(link.href);
  });
}
