// SPDX-License-Identifier: EUPL-1.2
// Hands on what the microphone hears, away from the page's own thread, so that nothing is lost.
registerProcessor(
  "hear",
  class extends AudioWorkletProcessor {
    process([[channel]]) {
      if (channel) this.port.postMessage(channel.slice());
      return true;
    }
  },
);
