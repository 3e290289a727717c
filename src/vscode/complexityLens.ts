import * as vscode from 'vscode';
import type { FunctionComplexities, PlacedComplexity } from '../app/functionComplexities';
import { t } from '../core/l10n';
import type { Engine } from './engine';
import { internalCommandIds, settingKeys, settingsSection } from './ids';
import type { Log } from './log';
import { currentSettings } from './surroundings';

/** Quiet time after the last edit before a file is looked at again, in ms: never while somebody types. */
const quietMs = 600;
/** Files with more lines are left alone. */
const mostLines = 10_000;

interface Seen {
  readonly version: number;
  readonly functions: readonly PlacedComplexity[];
}

/**
 * The complexity above each function, and its derivation where the mouse rests on the function's name. Off unless the
 * setting is on; while it is off, nothing is registered and nothing is loaded.
 */
export class ComplexityLens implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.Disposable {
  readonly #engine: Engine;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #seen = new Map<string, Seen>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: vscode.Disposable;
  #registration: vscode.Disposable | undefined;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(engine: Engine, log: Log) {
    this.#engine = engine;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${settingsSection}.${settingKeys.complexityLens}`)) {
          this.#follow();
        }
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    );
    this.#follow();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const seen = this.#seen.get(document.uri.toString());
    if (seen?.version !== document.version) {
      this.#schedule(document, seen === undefined ? 0 : quietMs);
    }
    // Until the new state is known, what was known stands where it stood, so that the lines do not jump while typing.
    return (seen?.functions ?? []).map(({ report, nameLine }) => {
      const line = Math.min(nameLine, document.lineCount) - 1;
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        title: t('{0} time · {1} space', report.time.expression, report.space.expression),
        tooltip: t('Reason about this function'),
        command: internalCommandIds.reasonAboutLine,
        arguments: [document.uri, line],
      });
    });
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const seen = this.#seen.get(document.uri.toString());
    const found = seen?.version === document.version ? seen.functions.find(({ nameLine }) => nameLine === position.line + 1) : undefined;
    return found === undefined ? undefined : new vscode.Hover(derivation(found, document.uri));
  }

  dispose(): void {
    this.#registration?.dispose();
    this.#subscriptions.dispose();
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#timers.clear();
  }

  /** Registers the providers where the setting is on, and takes them away where it is off. */
  #follow(): void {
    const on = currentSettings().complexityLens;
    if (on && this.#registration === undefined) {
      const selector: vscode.DocumentSelector = { scheme: '*' };
      this.#registration = vscode.Disposable.from(
        vscode.languages.registerCodeLensProvider(selector, this),
        vscode.languages.registerHoverProvider(selector, this),
      );
    } else if (!on) {
      this.#registration?.dispose();
      this.#registration = undefined;
      this.#seen.clear();
    }
  }

  #schedule(document: vscode.TextDocument, delayMs = quietMs): void {
    if (this.#registration === undefined || document.lineCount > mostLines) {
      return;
    }
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#look(document);
      }, delayMs),
    );
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    try {
      const complexities: FunctionComplexities = await this.#engine.functionComplexities();
      const functions = await complexities.of(document.getText(), document.languageId);
      if (!document.isClosed && document.version === version) {
        this.#seen.set(document.uri.toString(), { version, functions });
        this.#changed.fire();
      }
    } catch (error) {
      this.#log.warn(`The complexities of ${document.languageId} code could not be shown.`, error);
    }
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#seen.delete(key);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}

/** The evidence as a list, indented as it nests, with links to its lines. Texts of the code are shown as text, never as markup. */
function derivation({ report, shift }: PlacedComplexity, uri: vscode.Uri): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const line = (indent: number, content: string, at?: number): void => {
    text.appendMarkdown(`${'  '.repeat(indent)}- `);
    if (at !== undefined) {
      text.appendMarkdown('[').appendText(t('line {0}', at)).appendMarkdown(`](${uri.with({ fragment: `L${String(at)}` }).toString()}) `);
    }
    text.appendText(content).appendMarkdown('\n');
  };
  text.appendText(t('{0}: {1} time, {2} space', report.name, report.time.expression, report.space.expression)).appendMarkdown('\n\n');
  for (const { level, lines, text: what, total } of report.evidence) {
    line(level, t('{0}: {1}', what, total), lines.start + shift);
  }
  for (const assumption of report.assumptions) {
    line(0, t('assumed: {0}', assumption));
  }
  for (const undecided of report.undecided) {
    line(0, t('not decided: {0}', undecided));
  }
  return text;
}
