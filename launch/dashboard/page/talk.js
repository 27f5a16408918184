// Push to talk: while the button is held, the browser's microphone is recorded; then it is sent as a wav.

const RATE_HZ = 16000;
const LONGEST_S = 15;

export class Talk {
  constructor(button, say) {
    this.button = button;
    this.say = say;
    this.blocks = null;
    button.addEventListener("pointerdown", () => this.begin());
    button.addEventListener("pointerup", () => this.end());
    button.addEventListener("pointerleave", () => this.end());
    button.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.repeat) this.begin(); });
    button.addEventListener("keyup", (event) => { if (event.key === "Enter") this.end(); });
  }

  async begin() {
    if (this.blocks) return;
    this.blocks = [];
    this.button.setAttribute("aria-pressed", "true");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      this.audio = new AudioContext({ sampleRate: RATE_HZ });
      await this.audio.audioWorklet.addModule("/static/recorder.js");
      if (!this.blocks) { this.close(); return; } // let go before the microphone was there
      const recorder = new AudioWorkletNode(this.audio, "recorder");
      recorder.port.onmessage = ({ data }) => {
        if (!this.blocks || this.blocks.length * data.length >= LONGEST_S * RATE_HZ) return;
        this.blocks.push(data);
        this.button.dataset.blocks = this.blocks.length;
      };
      this.audio.createMediaStreamSource(this.stream).connect(recorder);
    } catch (error) {
      this.say(`no microphone: ${error.message}`);
      this.close();
    }
  }

  async end() {
    const blocks = this.blocks;
    if (this.audio) this.close();
    else this.blocks = null;
    if (!blocks?.length) return;
    this.say("listening to what was said");
    const answer = await fetch("/speech", { method: "POST", body: wav(blocks), headers: { "Content-Type": "audio/wav" } });
    this.say(await answer.text());
  }

  close() {
    this.blocks = null;
    delete this.button.dataset.blocks;
    this.button.setAttribute("aria-pressed", "false");
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.audio?.close();
    this.stream = this.audio = null;
  }
}

// 16-bit mono, RIFF.
function wav(blocks) {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (at, word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF"); text(8, "WAVEfmt "); text(36, "data");
  [[4, 36 + 2 * count], [16, 16], [24, RATE_HZ], [28, 2 * RATE_HZ], [40, 2 * count]].forEach(([at, value]) => view.setUint32(at, value, true));
  [[20, 1], [22, 1], [32, 2], [34, 16]].forEach(([at, value]) => view.setUint16(at, value, true));
  let at = 44;
  for (const block of blocks) for (const sample of block) { view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true); at += 2; }
  return view.buffer;
}
