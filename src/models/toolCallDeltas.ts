import type { NativeToolCall } from '../core/model';
import { isRecord, numberAt, recordAt, stringAt } from './json';

interface CallInProgress {
  readonly index: number | undefined;
  id: string | undefined;
  name: string;
  readonly pieces: string[];
}

/**
 * Puts native tool calls together from the deltas of a stream, or from a whole message. Servers differ: some
 * leave out `index`, give every call the index 0, repeat the name, or send the arguments as an object.
 */
export class ToolCallAssembler {
  readonly #calls: CallInProgress[] = [];

  /** Reads one element of `tool_calls`; anything else is passed over. */
  add(delta: unknown): void {
    if (!isRecord(delta)) {
      return;
    }
    const called = recordAt(delta, 'function');
    const id = stringAt(delta, 'id');
    const name = called === undefined ? undefined : stringAt(called, 'name');
    const call = this.#callFor(numberAt(delta, 'index'), id, name);
    call.id ??= id;
    call.name = call.name === '' ? (name ?? '') : call.name;
    const written = called?.['arguments'];
    if (typeof written === 'string') {
      call.pieces.push(written);
    } else if (isRecord(written)) {
      call.pieces.push(JSON.stringify(written));
    }
  }

  /** True once any call has begun. */
  get begun(): boolean {
    return this.#calls.length > 0;
  }

  /** All calls, in the order in which they began. Calls without a name are left out: nothing can be done with them. */
  finish(): NativeToolCall[] {
    return this.#calls
      .filter((call) => call.name !== '')
      .map((call, position) => ({
        id: call.id ?? `call_${String(position + 1)}`,
        name: call.name,
        arguments: call.pieces.join(''),
      }));
  }

  #callFor(index: number | undefined, id: string | undefined, name: string | undefined): CallInProgress {
    const open = index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index);
    const otherId = id !== undefined && open?.id !== undefined && open.id !== id;
    const otherWithoutId = index === undefined && id === undefined && name !== undefined && open !== undefined && open.name !== '';
    if (open !== undefined && !otherId && !otherWithoutId) {
      return open;
    }
    const call: CallInProgress = { index, id, name: '', pieces: [] };
    this.#calls.push(call);
    return call;
  }
}
