import type { Json, JsonSchema, Tool, ToolArguments, ToolResult } from '../core/tool';
import type { ClientCall } from './completionFormat';
import type { ClientToolDefinition } from './schemas';

interface PendingCall {
  resolve(result: ToolResult): void;
}

/**
 * Tools that the client of the API carries out itself: a call waits until the client sends its result. The
 * self-thinking document promises such tools, and its public implementation throws.
 */
export class ClientToolbox {
  readonly tools: readonly Tool[];
  readonly #pending = new Map<string, PendingCall>();
  readonly #onCall: (call: ClientCall) => void;

  /** `onCall` hears of each call when it begins to wait. */
  constructor(definitions: readonly ClientToolDefinition[], onCall: (call: ClientCall) => void) {
    this.#onCall = onCall;
    this.tools = definitions.map((definition) => this.#tool(definition));
  }

  /** Ids of calls that wait for their results. */
  get waiting(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Gives a result to its call; false where none with that id waits. */
  resolve(callId: string, text: string): boolean {
    const call = this.#pending.get(callId);
    this.#pending.delete(callId);
    call?.resolve({ text });
    return call !== undefined;
  }

  #tool(definition: ClientToolDefinition): Tool {
    return {
      name: definition.name,
      description: definition.description ?? '',
      parameters: parameterSchema(definition.parameters ?? {}),
      // What a client does is not known, so nothing is assumed: calls run one after the other and are not cached.
      readOnly: false,
      describe: () => definition.name,
      run: (args, signal) => this.#wait(definition.name, args, signal),
    };
  }

  #wait(name: string, args: ToolArguments, signal: AbortSignal): Promise<ToolResult> {
    const id = `call_${crypto.randomUUID().replaceAll('-', '')}`;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#pending.delete(id);
        reject(new Error('The run was stopped.'));
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#pending.set(id, {
        resolve: (result) => {
          signal.removeEventListener('abort', stop);
          resolve(result);
        },
      });
      this.#onCall({ id, type: 'function', function: { name, arguments: JSON.stringify(args) } });
    });
  }
}

const typeNames: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array']);

/**
 * The schema of a tool's parameters: a JSON Schema as it is, or the document's short form `{"topic": "string"}` as the
 * schema that it means, with every parameter required.
 */
export function parameterSchema(parameters: Readonly<Record<string, unknown>>): JsonSchema {
  const entries = Object.entries(parameters);
  const isShort = entries.length > 0 && entries.every(([, type]) => typeNames.has(type));
  if (isShort && parameters['type'] !== 'object') {
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, type]) => [name, { type: String(type) }])),
      required: entries.map(([name]) => name),
    };
  }
  // The body was JSON, so its values are.
  return { type: 'object', ...(parameters as Readonly<Record<string, Json>>) };
}
