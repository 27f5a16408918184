// The one connection to the run. It comes back by itself when the run restarts.

const AGAIN_MS = 700;
const KINDS = { C: "camera", M: "map", K: "costs", V: "caller" };

export function connect(on, view = "") {
  let socket = null;
  const open = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws${view && `?view=${view}`}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => on.link(true);
    socket.onclose = () => { on.link(false); setTimeout(open, AGAIN_MS); };
    socket.onmessage = (event) => take(event.data);
  };
  const take = (data) => {
    if (typeof data === "string") {
      const said = JSON.parse(data);
      on[said.kind]?.(said);
    } else {
      picture(new Uint8Array(data));
    }
  };
  // A letter, the length of a JSON header (4 bytes, big-endian), the header, the picture.
  const picture = async (bytes) => {
    const length = new DataView(bytes.buffer).getUint32(1);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(5, 5 + length)));
    const kind = String.fromCharCode(bytes[0]);
    const bitmap = await createImageBitmap(new Blob([bytes.subarray(5 + length)]));
    on[KINDS[kind]]?.(header, bitmap);
  };
  open();
  return (request) => {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(request));
    return true;
  };
}
