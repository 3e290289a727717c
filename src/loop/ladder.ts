import type { ProtocolName } from '../core/events';
import type { ModelInfo } from '../core/model';
import type { ProtocolPreference } from '../core/request';
import { jsonStepsProtocol } from './protocols/jsonStepsProtocol';
import { nativeProtocol } from './protocols/nativeProtocol';
import type { Protocol } from './protocols/protocol';
import { xmlProtocol } from './protocols/xmlProtocol';

/** Remembers which protocol a model manages, by its key. Outlives a run. */
export interface ProtocolMemory {
  get(modelKey: string): ProtocolName | undefined;
  set(modelKey: string, protocol: ProtocolName): void;
}

/** Unreadable replies in a row after which the next rung is tried. */
const unreadableLimit = 2;

/** From what asks most of a model to what asks least. */
const rungs: readonly Protocol[] = [nativeProtocol, xmlProtocol, jsonStepsProtocol];

/** The key that a model is remembered by. */
export function modelKey(model: ModelInfo): string {
  return `${model.vendor}/${model.id}`;
}

/** Chooses the protocol of a run, and steps down where a model does not manage it. */
export class ProtocolLadder {
  readonly #model: ModelInfo;
  readonly #memory: ProtocolMemory | undefined;
  readonly #automatic: boolean;
  #protocol: Protocol;
  #unreadable = 0;

  constructor(preference: ProtocolPreference, model: ModelInfo, memory: ProtocolMemory | undefined) {
    this.#model = model;
    this.#memory = memory;
    this.#automatic = preference === 'auto';
    const name = preference === 'auto' ? (memory?.get(modelKey(model)) ?? startOf(model)) : preference;
    this.#protocol = rungs.find((rung) => rung.name === name) ?? xmlProtocol;
  }

  get protocol(): Protocol {
    return this.#protocol;
  }

  /** A reply could be read. */
  readable(): void {
    this.#unreadable = 0;
  }

  /** A reply could not be read. Returns the protocol to go on with, where it is another one now. */
  unreadable(): Protocol | undefined {
    this.#unreadable += 1;
    return this.#unreadable < unreadableLimit ? undefined : this.#stepDown();
  }

  /** The server refused a request. Where it may have refused native tools, the protocol to go on with. */
  refused(): Protocol | undefined {
    return this.#protocol === nativeProtocol ? this.#stepDown() : undefined;
  }

  #stepDown(): Protocol | undefined {
    const next = rungs[rungs.indexOf(this.#protocol) + 1];
    if (!this.#automatic || next === undefined) {
      return undefined;
    }
    this.#unreadable = 0;
    this.#protocol = next;
    this.#memory?.set(modelKey(this.#model), next.name);
    return next;
  }
}

function startOf(model: ModelInfo): ProtocolName {
  return model.nativeTools === true ? 'native' : 'xml';
}
