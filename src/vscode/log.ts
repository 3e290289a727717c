import type * as vscode from 'vscode';
import { isStepwiseError } from '../core/errors';

/** Where causes go: the output channel "Stepwise". Nothing else prints. */
export interface Log {
  info(message: string): void;
  warn(message: string, cause?: unknown): void;
  error(message: string, cause?: unknown): void;
  /** From now on `value` is masked wherever it would be written. */
  protect(value: string): void;
  show(): void;
}

type Channel = Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error'> & { show(): void };

/** A log that writes to `channel` with every known or recognizable secret masked. */
export function createLog(channel: Channel): Log {
  const secrets = new Set<string>();
  const line = (message: string, cause?: unknown): string =>
    maskSecrets(cause === undefined ? message : `${message}\n${describeCause(cause)}`, secrets);
  return {
    info: (message) => channel.info(line(message)),
    warn: (message, cause) => channel.warn(line(message, cause)),
    error: (message, cause) => channel.error(line(message, cause)),
    protect(value) {
      // A very short value would mask ordinary words; no server gives out such keys.
      if (value.length >= 8) {
        secrets.add(value);
      }
    },
    show: () => channel.show(),
  };
}

const keyShapes = /\b(gsk_|sk-|sk_|ghp_|gho_|github_pat_|xox[abp]-)[A-Za-z0-9_-]{8,}|\b(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi;

/** `text` with each of `secrets`, and everything that has the shape of a key, replaced by a mark. */
export function maskSecrets(text: string, secrets: Iterable<string> = []): string {
  let masked = text;
  for (const secret of secrets) {
    masked = masked.replaceAll(secret, '[secret]');
  }
  return masked.replace(keyShapes, (_match, prefix: string | undefined, bearer: string | undefined) =>
    `${prefix ?? bearer ?? ''}[secret]`,
  );
}

/** An error with its stack and the chain of its causes, at most five deep. */
export function describeCause(cause: unknown, depth = 0): string {
  if (!(cause instanceof Error)) {
    return typeof cause === 'string' ? cause : asJson(cause);
  }
  const code = isStepwiseError(cause) ? ` [${cause.code}]` : '';
  const own = `${cause.stack ?? `${cause.name}: ${cause.message}`}${code}`;
  return cause.cause === undefined || depth >= 4 ? own : `${own}\ncaused by ${describeCause(cause.cause, depth + 1)}`;
}

function asJson(value: unknown): string {
  try {
    // JSON.stringify gives undefined for what JSON cannot say, such as a function; its type does not tell.
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' ? json : String(value);
  } catch {
    return String(value);
  }
}
