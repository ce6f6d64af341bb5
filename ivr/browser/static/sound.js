// SPDX-License-Identifier: EUPL-1.2
// What is heard: the line's voice, the tones of the keys, and ringing.

const ROWS = [697, 770, 852, 941]; // Hz: two tones a key (ITU-T Q.23)
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
const RINGING = 425; // Hz; one second on, four off (ETSI TR 101 041-2, the Netherlands)

class Sound {
  kind = "none";
  #audio;
  #code;
  #context;
  #recordings;
  #ringing = [];
  #spoken = null;

  // `recordings` are those in a file that is mailed, by language and text; a server has them itself.
  constructor(audio, code, recordings) {
    this.#audio = audio;
    this.#code = code;
    this.#recordings = recordings;
  }

  // Calls back once the browser has a voice for the language.
  whenVoice(found) {
    const look = () => this.#voice(this.#code) && found();
    globalThis.speechSynthesis?.addEventListener("voiceschanged", look);
    look();
  }

  // What the next call sounds like: "espeak", "voice" or "none".
  choose(kind) {
    this.kind = kind;
  }

  // Says a piece, and then calls back; or tells that it cannot. Neither after `stop`.
  play({ text, language, recorded }, over, failed) {
    const kept = this.#recordings?.[`${language} ${text}`];
    if (this.kind !== "none" && (kept || this.kind === "espeak" || (recorded && !this.#recordings))) {
      this.#audio.onended = over;
      this.#audio.onerror = failed;
      const asked = new URLSearchParams({ text, recorded: recorded ? "1" : "" });
      this.#audio.src = kept ? `data:audio/wav;base64,${kept}` : `sound/${language}.wav?${asked}`;
      this.#audio.play().catch((error) => error.name === "NotAllowedError" && failed());
    } else if (this.kind === "voice") {
      if (!globalThis.speechSynthesis?.getVoices().length) return failed();
      const spoken = new SpeechSynthesisUtterance(text);
      spoken.voice = this.#voice(language) ?? null;
      spoken.lang = language;
      spoken.onend = () => this.#spoken === spoken && over();
      spoken.onerror = () => this.#spoken === spoken && failed();
      this.#spoken = spoken;
      speechSynthesis.speak(spoken);
    }
  }

  stop() {
    this.#audio.onended = this.#audio.onerror = null;
    this.#audio.pause();
    this.#spoken = null;
    globalThis.speechSynthesis?.cancel();
    for (const tone of this.#ringing) tone.stop();
    this.#ringing = [];
  }

  key(key) {
    const at = KEYS.indexOf(key);
    const now = this.#clock();
    for (const hertz of [ROWS[Math.floor(at / 3)], COLUMNS[at % 3]]) this.#tone(hertz, now, 0.12);
  }

  ring() {
    if (this.kind === "none") return;
    const now = this.#clock();
    for (let turn = 0; turn < 12; turn++) this.#ringing.push(this.#tone(RINGING, now + 5 * turn, 1));
  }

  #clock() {
    this.#context ??= new AudioContext();
    this.#context.resume();
    return this.#context.currentTime;
  }

  #tone(hertz, from, seconds) {
    const tone = new OscillatorNode(this.#context, { frequency: hertz });
    const volume = new GainNode(this.#context, { gain: 0 });
    volume.gain.setTargetAtTime(0.08, from, 0.005);
    volume.gain.setTargetAtTime(0, from + seconds, 0.005); // without a click
    tone.connect(volume).connect(this.#context.destination);
    tone.start(from);
    tone.stop(from + seconds + 0.1);
    return tone;
  }

  #voice(language) {
    return globalThis.speechSynthesis?.getVoices().find((voice) => voice.lang.startsWith(language));
  }
}
