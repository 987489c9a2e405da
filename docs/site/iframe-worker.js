// A browser starts no worker for a page that is opened as a file. Then the search runs in a hidden frame instead, which
// speaks as a worker does. (Material looks for this name.)
if (location.protocol === "file:") {
  const heard = (data) => new MessageEvent("message", { data });
  globalThis.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.documentElement.append(frame);
      const inner = frame.contentWindow;
      const load = (source) =>
        new Promise((done, failed) => {
          const script = frame.contentDocument.createElement("script");
          script.src = new URL(source, document.baseURI).href;
          script.onload = done;
          script.onerror = failed;
          frame.contentDocument.body.append(script);
        });
      inner.postMessage = (data) => this.dispatchEvent(heard(data));
      inner.importScripts = (...sources) => sources.reduce((before, source) => before.then(() => load(source)), this.ready);
      this.inner = inner;
      this.ready = load(url);
    }
    postMessage(data) {
      this.ready.then(() => this.inner.dispatchEvent(heard(data)));
    }
  };
  globalThis.Worker = globalThis.IFrameWorker;
}
