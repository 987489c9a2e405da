// The host as far as our pages use it: anywidget's interface, written down for the type checker. Nothing here runs.

/** The model of a widget: its traits, and messages to and from the kernel. */
export interface Model {
  // deno-lint-ignore no-explicit-any -- traits are what Python makes of them
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(message: unknown): void;
  // deno-lint-ignore no-explicit-any -- messages too
  on(name: string, handler: (message: any, buffers?: DataView<ArrayBuffer>[]) => void): void;
  // deno-lint-ignore no-explicit-any -- the same handler
  off(name: string, handler: (message: any, buffers?: DataView<ArrayBuffer>[]) => void): void;
  /** What some hosts have behind it. */
  widget_manager?: { kernel?: { statusChanged?: Signal; disposed?: Signal } | null };
}

/** A signal of JupyterLab's: who is connected is called with the sender and a value. */
export interface Signal {
  connect(act: (sender: unknown, value?: string) => void): void;
  disconnect(act: (sender: unknown, value?: string) => void): void;
}

/** Another widget, which a newer host can draw into an element of ours. */
export interface Inner {
  render(place: { el: HTMLElement; signal?: AbortSignal }): Promise<unknown>;
}

export interface Host {
  getWidget?(reference: string): Promise<Inner>;
}

/** A model and its end. */
export interface Life {
  model: Model;
  signal?: AbortSignal;
}

/** A view's place in the page. */
export interface Place extends Life {
  el: HTMLElement;
  host?: Host;
}

/** A piece of a view: an element, and a function that draws it anew. */
export interface Part {
  root: HTMLElement;
  draw(what?: string): void;
  /** Whether it says itself what the kernel has refused; else that stands at the foot of the view. */
  tells?: boolean;
}

export type Attributes = Record<string, string | number | boolean | null | undefined>;

/** Any object that Python has sent. */
// deno-lint-ignore no-explicit-any -- it is checked where it is read
export type Sent = Record<string, any>;
