import * as vscode from 'vscode';

/** A token that follows a signal, for calls into VS Code. `cancel` ends the call where it still goes on, and frees the token. */
export function tokenOf(signal: AbortSignal): { readonly token: vscode.CancellationToken; cancel(): void } {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  if (signal.aborted) {
    cancel();
  } else {
    signal.addEventListener('abort', cancel, { once: true });
  }
  return {
    token: source.token,
    cancel() {
      signal.removeEventListener('abort', cancel);
      source.cancel();
      source.dispose();
    },
  };
}

/** A signal that follows a token, for everything below. Dispose it when the work is over. */
export function signalOf(token: vscode.CancellationToken): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  const registration = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => void registration.dispose() };
}

/** What `promise` gives, or a rejection with the signal's reason as soon as it aborts. */
export function orAborted<Value>(promise: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
