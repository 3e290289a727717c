import type * as vscode from 'vscode';
import { secretKeys } from './ids';

/** Where a key was found. */
export type KeySource = 'storage' | 'environment' | 'dotenv';

/** A key and where it was found. The value goes to its server and nowhere else. */
export interface FoundKey {
  readonly value: string;
  readonly source: KeySource;
}

/** Servers that take a key. */
export type KeyName = keyof typeof secretKeys;

/** What finding a key needs of its surroundings. */
export interface KeyPlaces {
  readonly storage: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The texts of the `.env` files at the roots of the workspace; none where the workspace is not trusted. */
  readonly readDotEnv: () => Promise<readonly string[]>;
  /** Told of every key that was found, so that the log can mask it. */
  readonly onFound: (value: string) => void;
}

/** The keys of model servers. */
export interface Keys {
  /**
   * The key, or undefined. Groq's is looked for in SecretStorage, then in `GROQ_API_KEY`, then in a `.env` of a
   * trusted workspace; that of the OpenAI-compatible server in SecretStorage alone, since a key from elsewhere
   * was not meant for whatever server is configured.
   */
  find(name: KeyName): Promise<FoundKey | undefined>;
  store(name: KeyName, value: string): Promise<void>;
  remove(name: KeyName): Promise<void>;
}

/** The name under which the environment and `.env` files hold Groq's key. */
export const groqVariable = 'GROQ_API_KEY';

/** Keys that are looked up in `places` each time, so that a change needs no restart. */
export function createKeys(places: KeyPlaces): Keys {
  async function look(name: KeyName): Promise<FoundKey | undefined> {
    const stored = cleanKey(await places.storage.get(secretKeys[name]));
    if (stored !== undefined) {
      return { value: stored, source: 'storage' };
    }
    if (name !== 'groq') {
      return undefined;
    }
    const exported = cleanKey(places.environment[groqVariable]);
    if (exported !== undefined) {
      return { value: exported, source: 'environment' };
    }
    for (const text of await places.readDotEnv()) {
      const written = cleanKey(dotEnvValue(text, groqVariable));
      if (written !== undefined) {
        return { value: written, source: 'dotenv' };
      }
    }
    return undefined;
  }
  return {
    async find(name) {
      const found = await look(name);
      if (found !== undefined) {
        places.onFound(found.value);
      }
      return found;
    },
    async store(name, value) {
      await places.storage.store(secretKeys[name], value.trim());
    },
    async remove(name) {
      await places.storage.delete(secretKeys[name]);
    },
  };
}

/** A key without the spaces around it; undefined for one that no header could carry. */
export function cleanKey(value: string | undefined): string | undefined {
  const trimmed = value?.trim() ?? '';
  return /^[\x21-\x7e]+$/.test(trimmed) ? trimmed : undefined;
}

/**
 * The value of one variable in the text of a `.env` file: `NAME=value`, with or without `export`, quotes and a
 * comment at the end; the last one counts. Undefined where it is not there.
 */
export function dotEnvValue(text: string, name: string): string | undefined {
  let value: string | undefined;
  for (const line of text.split(/\r\n?|\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (match?.[1] === name) {
      const rest = match[2] ?? '';
      const quoted = /^(["'`])(.*?)\1/.exec(rest);
      value = quoted === null ? rest.replace(/\s+#.*$/, '').trim() : (quoted[2] ?? '');
    }
  }
  return value;
}
