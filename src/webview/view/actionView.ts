import { t } from '../../core/l10n';
import type { RunAction } from '../../core/run';
import { formatDuration } from '../../core/text';
import type { ToolArguments } from '../../core/tool';
import { placeText } from '../../core/wording';
import type { PanelServices } from '../host';
import { element, icon, setText, textButton } from './dom';
import { observationView } from './observationView';

const icons: Readonly<Record<string, string>> = {
  read_file: 'file',
  list_files: 'files',
  search_text: 'search',
  document_symbols: 'symbol-class',
  find_references: 'references',
  diagnostics: 'warning',
  git_history: 'git-commit',
  analyze_complexity: 'graph-line',
};

/** The icon of a tool. */
export function toolIcon(tool: string): string {
  return Object.hasOwn(icons, tool) ? (icons[tool] ?? 'tools') : 'tools';
}

/** The arguments of a call in a few words: what it is about, without the names. */
export function condensed(args: ToolArguments): string {
  const parts = Object.entries(args).flatMap(([name, value]) => {
    if (typeof value === 'string') {
      return value.trim() === '' ? [] : [value.replace(/\s+/g, ' ')];
    }
    return typeof value === 'number' ? [`${name} ${String(value)}`] : [];
  });
  return parts.join(' · ');
}

/** All arguments of a call, for hovering: a name and a value a line. */
export function allArguments(tool: string, args: ToolArguments): string {
  return [tool, ...Object.entries(args).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)].join('\n');
}

/** One call of a tool with what came back. */
export class ActionView {
  readonly root: HTMLElement;
  readonly #action: RunAction;
  readonly #services: PanelServices;
  readonly #facts: HTMLElement;
  #isFinished = false;

  constructor(action: RunAction, services: PanelServices) {
    this.#action = action;
    this.#services = services;
    this.#facts = element('span', { class: 'facts' });
    const parameters = JSON.stringify(action.args, null, 2);
    this.root = element(
      'div',
      { class: 'action is-running' },
      element(
        'div',
        { class: 'action-head' },
        icon(toolIcon(action.tool)),
        element('code', { class: 'tool-name', title: allArguments(action.tool, action.args) }, action.tool),
        element('span', { class: 'action-summary' }, action.summary === action.tool ? condensed(action.args) : action.summary),
        this.#facts,
      ),
      ...(parameters === '{}'
        ? []
        : [
            element(
              'details',
              { class: 'arguments' },
              element('summary', {}, t('Arguments')),
              element('pre', { tabindex: 0, role: 'group', 'aria-label': t('Arguments') }, element('code', {}, parameters)),
            ),
          ]),
    );
    this.update();
  }

  update(): void {
    const { observation, isError, cached, elapsedMs } = this.#action;
    if (observation === undefined) {
      setText(this.#facts, t('running'));
      return;
    }
    if (this.#isFinished) {
      return;
    }
    this.#isFinished = true;
    this.root.classList.remove('is-running');
    this.root.classList.toggle('is-error', isError);
    setText(this.#facts, cached ? t('known from before') : formatDuration(elapsedMs));
    this.root.firstElementChild?.after(...this.#references());
    this.root.append(observationView(observation, isError));
  }

  #references(): readonly HTMLElement[] {
    const { references } = this.#action;
    if (references.length === 0) {
      return [];
    }
    const links = references.slice(0, 20).map((reference) =>
      textButton(placeText(reference.path, reference.range), () => this.#services.openSource(reference), { kind: 'link', icon: 'go-to-file' }),
    );
    return [element('div', { class: 'references' }, ...links)];
  }
}
