/** A translated sentence in which `{0}`, `{1}` … stand for the arguments. Same form as `vscode.l10n.t`. */
export type Translator = (message: string, ...args: (string | number)[]) => string;

/** Replaces `{0}`, `{1}` … in `message`. A placeholder without an argument stays as it is. */
export function fillPlaceholders(message: string, args: readonly (string | number)[]): string {
  if (args.length === 0) {
    return message;
  }
  return message.replace(/\{(\d+)\}/g, (placeholder, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? placeholder : String(value);
  });
}

const english: Translator = (message, ...args) => fillPlaceholders(message, args);
let translator: Translator = english;

/**
 * Sets how text for people is translated, once at start-up: `vscode.l10n.t` in the extension, a bundle in the
 * panel, nothing (English) elsewhere.
 */
export function setTranslator(next: Translator | undefined): void {
  translator = next ?? english;
}

/** A translator over a bundle whose keys are the English sentences, as `l10n/bundle.l10n.*.json` has them. */
export function bundleTranslator(bundle: Readonly<Record<string, string>>): Translator {
  return (message, ...args) => fillPlaceholders(bundle[message] ?? message, args);
}

/** Text for people, in the language they use. `message` is the English sentence and the key of the bundles. */
export function t(message: string, ...args: (string | number)[]): string {
  return translator(message, ...args);
}
