import type { ErrorData } from '../core/errors';
import type { SourceReference } from '../core/request';
import type { FromPanel, PanelReplyValue, PanelRequest, ToPanel } from './protocol';

/** What VS Code gives to the page of a webview. */
export interface WebviewApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** What the views can ask for. */
export interface PanelServices {
  /** Sends a request; what goes wrong with it is shown to the person. */
  send(request: PanelRequest): void;
  /** Sends a request and waits for its value; undefined where it failed. */
  ask(request: PanelRequest): Promise<PanelReplyValue | undefined>;
  copy(text: string): void;
  openSource(reference: SourceReference): void;
}

/** Requests that wait for their reply, on top of VS Code's messages. */
export class Host implements PanelServices {
  readonly #api: WebviewApi;
  readonly #onError: (error: ErrorData) => void;
  readonly #waiting = new Map<number, (value: PanelReplyValue | undefined) => void>();
  #lastId = 0;

  constructor(api: WebviewApi, onError: (error: ErrorData) => void) {
    this.#api = api;
    this.#onError = onError;
  }

  /** Tells the host that the page can take messages. */
  ready(): void {
    const state = this.#api.getState();
    const runId = typeof state === 'object' && state !== null && 'runId' in state && typeof state.runId === 'string' ? state.runId : undefined;
    this.#api.postMessage({ type: 'ready', ...(runId === undefined ? {} : { runId }) });
  }

  /** Keeps which run is shown, for when the page is made anew. */
  remember(runId: string): void {
    this.#api.setState({ runId });
  }

  send(request: PanelRequest): void {
    void this.ask(request);
  }

  ask(request: PanelRequest): Promise<PanelReplyValue | undefined> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#api.postMessage({ type: 'request', id, request });
    });
  }

  copy(text: string): void {
    this.send({ type: 'copy', text });
  }

  openSource({ path, range }: SourceReference): void {
    this.send({ type: 'open-source', path, ...(range === undefined ? {} : { range }) });
  }

  /** Settles the request that a reply answers. */
  settle(reply: Extract<ToPanel, { type: 'reply' }>): void {
    const resolve = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) {
      this.#onError(reply.error);
    }
    resolve?.('value' in reply ? reply.value : undefined);
  }
}
