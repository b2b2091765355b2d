// Sends the large files of this page straight to the bucket, since a request to the API holds a few megabytes.
//
// A page posts a file as it always did (XMLHttpRequest or fetch, one form). Where the file is large, its parts go to the
// bucket side by side, each again where the line fails, with progress events as of one request; then the page's own
// request goes out, to the route that completes the upload, so that what the page gets is the answer of the API.
// Why not a service worker: docs/adr/0018-large-uploads.md.
(() => {
  "use strict";
  const LARGE = 4_000_000;
  const AT_ONCE = 4;
  const PATIENCE = 15 * 60_000;
  const LONGEST_PAUSE = 20_000;
  const ROUTES = [
    [/^(.*)\/pictures\/preview-files\/([0-9a-f-]{36})\/?$/, "/data/preview-files/"],
    [/^(.*)\/data\/working-files\/([0-9a-f-]{36})\/file\/?$/, "/data/working-files/"],
  ];
  const native = {
    fetch: window.fetch,
    open: XMLHttpRequest.prototype.open,
    send: XMLHttpRequest.prototype.send,
    header: XMLHttpRequest.prototype.setRequestHeader,
    abort: XMLHttpRequest.prototype.abort,
  };

  /** The large file in a form that goes to a route of files, with that route's address of uploads; null for any other. */
  function largeUpload(method, address, body) {
    if (String(method).toUpperCase() !== "POST" || !(body instanceof FormData)) return null;
    const url = new URL(address, document.baseURI);
    const file = [...body.values()].find((value) => value instanceof File && value.size > LARGE);
    if (!file) return null;
    for (const [pattern, records] of ROUTES) {
      const found = pattern.exec(url.pathname);
      if (found) {
        const normalize = url.searchParams.get("normalize") ?? body.get("normalize") ?? "true";
        return { file, address: `${url.origin}${found[1]}${records}${found[2]}/upload`, normalize: normalize !== "false" };
      }
    }
    return null;
  }

  /** What the API is asked for: `resume` is the same for the same file, so that what arrived before is not sent again. */
  function request(upload) {
    const { name, size, lastModified } = upload.file;
    return JSON.stringify({
      filename: name,
      size,
      normalize: upload.normalize,
      resume: `${size} ${lastModified} ${name}`.slice(0, 200),
    });
  }

  const pause = (attempt) => Math.min(LONGEST_PAUSE, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);

  function waited(milliseconds, signal) {
    return new Promise((done, failed) => {
      const timer = setTimeout(done, milliseconds);
      // Back on the line: at once.
      addEventListener("online", done, { once: true });
      signal.addEventListener("abort", () => (clearTimeout(timer), failed(signal.reason)), { once: true });
    });
  }

  /** Does something until it succeeds; an answer that says no (4xx) is given back, a failure of the line is not. */
  async function patiently(attempt, signal) {
    const end = Date.now() + PATIENCE;
    for (let number = 0; ; number += 1) {
      try {
        const answer = await attempt();
        if (answer.status < 500 && answer.status !== 429) return answer;
      } catch (problem) {
        signal.throwIfAborted();
        if (Date.now() > end) throw problem;
      }
      if (Date.now() > end) throw new TypeError("The upload did not come through.");
      await waited(pause(number), signal);
    }
  }

  /** PUTs one part; `sent` hears of its bytes as they leave. */
  function put(url, part, sent, signal) {
    return new Promise((done, failed) => {
      const line = new XMLHttpRequest();
      native.open.call(line, "PUT", url);
      line.upload.onprogress = (event) => sent(event.loaded);
      line.onload = () => done({ status: line.status });
      line.onerror = line.onabort = line.ontimeout = () => failed(new TypeError("The line broke."));
      signal.addEventListener("abort", () => native.abort.call(line), { once: true });
      native.send.call(line, part);
    });
  }

  /** Sends the parts that did not arrive yet; `progress` hears of all bytes that are there. */
  async function sendParts(file, offer, progress, signal) {
    const arrived = new Set(offer.arrived);
    const bytesOf = (number) => Math.min(offer.part_size, file.size - (number - 1) * offer.part_size);
    const there = new Map([...arrived].map((number) => [number, bytesOf(number)]));
    const tell = () => progress([...there.values()].reduce((sum, bytes) => sum + bytes, 0), file.size);
    const left = offer.parts.filter((part) => !arrived.has(part.number));
    tell();
    async function sender() {
      for (let part = left.shift(); part; part = left.shift()) {
        const { number, url } = part;
        const start = (number - 1) * offer.part_size;
        const bytes = file.slice(start, start + offer.part_size);
        const sent = (count) => (there.set(number, Math.min(count, bytes.size)), tell());
        const answer = await patiently(() => put(url, bytes, sent, signal), signal);
        if (answer.status >= 400) throw new TypeError(`The bucket refused a part (${answer.status}).`);
        sent(bytes.size);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  }

  /** Sends the file of an upload. Gives null when all of it is there, else the API's refusal to take it. */
  async function sendFile(upload, headers, credentials, progress, signal) {
    const asked = { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, credentials, signal };
    const answer = await patiently(
      () => native.fetch.call(window, upload.address, { ...asked, body: request(upload) }),
      signal,
    );
    if (!answer.ok) return answer;
    await sendParts(upload.file, await answer.json(), progress, signal);
    return null;
  }

  // -- XMLHttpRequest --------------------------------------------------------------------------------------------------
  const requests = new WeakMap();

  // The request that completes an upload is sent again where the line fails, before the page hears of it: this listener
  // is there before any of the page's.
  window.XMLHttpRequest = class extends XMLHttpRequest {
    constructor() {
      super();
      for (const name of ["readystatechange", "error", "timeout", "loadend"]) this.addEventListener(name, hold);
    }
  };

  function hold(event) {
    const asked = requests.get(this);
    const completing = asked?.completing;
    if (!completing || this.readyState !== XMLHttpRequest.DONE) return;
    if (this.status !== 0 || Date.now() > completing.end) {
      asked.control = asked.completing = null;
      return;
    }
    event.stopImmediatePropagation();
    if (event.type === "loadend") waited(pause(completing.attempts++), completing.signal).then(completing.again, () => {});
  }

  XMLHttpRequest.prototype.open = function open(method, address, ...rest) {
    requests.get(this)?.control?.abort();
    requests.set(this, { method, address, headers: {} });
    return native.open.call(this, method, address, ...rest);
  };

  XMLHttpRequest.prototype.setRequestHeader = function setRequestHeader(name, value) {
    const asked = requests.get(this);
    if (asked) asked.headers[name] = value;
    return native.header.call(this, name, value);
  };

  XMLHttpRequest.prototype.abort = function abort() {
    const asked = requests.get(this);
    if (!asked?.control) return native.abort.call(this);
    // On its way to complete the upload it is a request as any other.
    const underWay = asked.completing && this.readyState !== XMLHttpRequest.DONE;
    asked.control.abort();
    asked.control = asked.completing = null;
    if (underWay) return native.abort.call(this);
    for (const name of ["abort", "loadend"]) this.dispatchEvent(new ProgressEvent(name));
    return undefined;
  };

  XMLHttpRequest.prototype.send = function send(body) {
    const asked = requests.get(this);
    const upload = asked && largeUpload(asked.method, asked.address, body);
    if (!upload) return native.send.call(this, body);
    asked.control = new AbortController();
    const tell = (name, loaded) =>
      this.upload.dispatchEvent(
        new ProgressEvent(name, { lengthComputable: true, loaded, total: upload.file.size }),
      );
    tell("loadstart", 0);
    const credentials = this.withCredentials ? "include" : "same-origin";
    sendFile(upload, asked.headers, credentials, (loaded) => tell("progress", loaded), asked.control.signal).then(
      (refusal) => {
        tell("load", upload.file.size);
        // What is answered is what the API says: of the upload that is complete, or why it takes none.
        finish(this, asked, refusal ? upload.address : `${upload.address}/complete`, refusal && request(upload));
      },
      () => {
        if (asked.control.signal.aborted) return;
        asked.control = null;
        for (const name of ["error", "loadend"]) this.dispatchEvent(new ProgressEvent(name));
      },
    );
    return undefined;
  };

  function finish(line, asked, address, body) {
    const again = () => {
      native.open.call(line, "POST", address);
      for (const [name, value] of Object.entries(asked.headers)) native.header.call(line, name, value);
      if (body) native.header.call(line, "Content-Type", "application/json");
      native.send.call(line, body);
    };
    asked.completing = { again, attempts: 0, end: Date.now() + PATIENCE, signal: asked.control.signal };
    again();
  }

  // -- fetch -----------------------------------------------------------------------------------------------------------
  window.fetch = async function fetch(input, init) {
    const address = input instanceof Request ? input.url : input;
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    const upload = init && largeUpload(method, address, init.body);
    if (!upload) return native.fetch.call(window, input, init);
    const headers = Object.fromEntries(new Headers(init.headers ?? (input instanceof Request ? input.headers : {})));
    delete headers["content-type"];
    const credentials = init.credentials ?? "same-origin";
    const signal = init.signal ?? new AbortController().signal;
    const refusal = await sendFile(upload, headers, credentials, () => {}, signal);
    return refusal ?? native.fetch.call(window, `${upload.address}/complete`, { ...init, method: "POST", body: null, headers });
  };
})();
