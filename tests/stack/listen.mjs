// A client of the event stream as browsers have it: node listen.mjs URL HOW NAMESPACE…
// HOW is JSON, the options of socket.io-client. Prints a line of JSON for all that happens; a line of input,
// `[namespace, name, data]`, is said to the server, its end ends the client.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, how, ...namespaces] = process.argv.slice(2);
const sockets = {};
const tell = (...words) => process.stdout.write(`${JSON.stringify(words)}\n`);

for (const namespace of namespaces) {
  const socket = io(url + namespace, { reconnectionDelay: 100, reconnectionDelayMax: 300, ...JSON.parse(how) });
  sockets[namespace] = socket;
  socket.on("connect", () => tell("connect", namespace, socket.io.engine.transport.name, socket.io.engine.id));
  socket.on("connect_error", (error) => tell("connect_error", namespace, error.message));
  socket.on("disconnect", (reason) => tell("disconnect", namespace, reason));
  socket.onAny((name, data) => tell("event", name, data));
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [namespace, ...said] = JSON.parse(line);
  sockets[namespace].emit(...said, () => tell("acknowledged", said[0]));
});
lines.on("close", () => {
  Object.values(sockets).forEach((socket) => socket.disconnect());
});
