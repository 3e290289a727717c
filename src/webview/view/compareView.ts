import type { ErrorData } from '../../core/errors';
import { t } from '../../core/l10n';
import type { Run, RunStep } from '../../core/run';
import { formatDuration } from '../../core/text';
import { agreementName, formatUsd, outcomeName, placeText, taskName } from '../../core/wording';
import { commonItems } from '../difference';
import type { PanelServices } from '../host';
import { MarkdownView } from '../markdown/markdownView';
import type { MarkdownServices } from '../markdown/render';
import { condensed, toolIcon } from './actionView';
import { element, icon, iconButton, textButton } from './dom';
import type { KeyAction } from './keyboard';
import { helpDialog } from './keyboard';
import type { PageView } from './pageView';
import { problemView } from './problemView';

/** Two finished runs side by side, one below the other where there is no room; what only one of them has is marked. */
export class CompareView implements PageView {
  readonly root: HTMLElement;
  readonly #first: Run;
  readonly #services: PanelServices;
  readonly #problems = element('div', { class: 'problems' });
  readonly #help: HTMLDialogElement;
  #frame: number | undefined;

  constructor(first: Run, second: Run, services: PanelServices) {
    this.#first = first;
    this.#services = services;
    this.#help = helpDialog(this.keyActions());
    const runs = [first, second] as const;
    const names = columnNames(first, second);
    const isOneQuestion = first.request.question === second.request.question;
    const steps = commonItems(first.steps.map(stepKey), second.steps.map(stepKey));
    const columns = runs.map((run, index) => column(run, index === 0 ? steps.first : steps.second, index, names[index] ?? '', isOneQuestion, services));
    this.root = element(
      'div',
      { class: 'run is-wide' },
      element(
        'header',
        { class: 'head' },
        element(
          'div',
          { class: 'head-row' },
          element('h1', { class: 'question', tabindex: -1 }, isOneQuestion ? first.request.question : t('Two runs compared')),
          element('span', { class: 'head-tools' }, iconButton('question', t('Keyboard shortcuts'), () => this.#help.showModal()), iconButton('close', t('Close Comparison'), () => this.#close())),
        ),
        element('div', { class: 'about' }, element('span', {}, icon('split-horizontal'), ' ', t('Comparison')), element('span', { class: 'compare-legend' }, t('Marked: what only one of the two has')), ...(isOneQuestion ? [element('span', {}, subject(first))] : [])),
      ),
      element('main', {}, this.#problems, factsTable(first, second, names), element('div', { class: 'compare' }, ...columns.map(({ root }) => root))),
      this.#help,
    );
    this.#renderAnswers(columns);
  }

  keyActions(): readonly KeyAction[] {
    return [
      { keys: ['Escape'], label: t('Close Comparison'), run: () => !this.#help.open && this.#close() },
      { keys: ['?'], label: t('Show this help'), run: () => !this.#help.open && (this.#help.showModal(), true) },
    ];
  }

  showProblem(error: ErrorData): void {
    this.#problems.append(problemView(error, this.#first.id, this.#services));
  }

  dispose(): void {
    if (this.#frame !== undefined) {
      cancelAnimationFrame(this.#frame);
    }
    this.root.remove();
  }

  #close(): true {
    this.#services.send({ type: 'show-run', runId: this.#first.id });
    return true;
  }

  /** Long answers take several frames; the passages are compared when both are there. */
  #renderAnswers(columns: readonly Column[]): void {
    const render = (now: number): void => {
      const left = columns.filter(({ answer }) => answer.render(now));
      this.#frame = left.length > 0 ? requestAnimationFrame(render) : undefined;
      if (left.length === 0) {
        markPassages(columns);
      }
    };
    render(performance.now());
  }
}

interface Column {
  readonly root: HTMLElement;
  readonly answer: MarkdownView;
  readonly answerPlace: HTMLElement;
  /** Says how many passages the other answer does not have. */
  readonly onlyHere: HTMLElement;
}

function column(run: Run, commonSteps: ReadonlySet<number>, index: number, name: string, isOneQuestion: boolean, services: PanelServices): Column {
  const id = `compared-${String(index)}`;
  const { verdict, steps } = run;
  const answerPlace = element('div', { class: 'answer-text markdown' });
  const answer = answerView(run, answerPlace, services);
  const onlyHere = element('span', { class: 'facts' });
  const root = element(
    'section',
    { class: 'compared', 'aria-labelledby': id },
    element(
      'div',
      { class: 'section-head' },
      element('h2', { id }, name),
      textButton(t('Show This Run'), () => services.send({ type: 'show-run', runId: run.id }), { kind: 'link' }),
    ),
    ...(isOneQuestion ? [] : [element('p', {}, run.request.question), element('p', { class: 'facts' }, subject(run))]),
    element('h3', {}, t('Steps')),
    ...(steps.length === 0 ? [element('p', { class: 'facts' }, t('There are no steps.'))] : []),
    element('ol', { class: 'compared-steps' }, ...steps.map((step, position) => stepEntry(step, commonSteps.has(position), services))),
    element('h3', {}, t('Answer'), onlyHere),
    ...(verdict === undefined
      ? []
      : [element('div', { class: `verdict is-${verdict.agreement}` }, element('p', {}, element('strong', {}, agreementName(verdict.agreement)), ' ', verdict.explanation))]),
    answerPlace,
  );
  return { root, answer, answerPlace, onlyHere };
}

/** What makes two steps the same: what was thought and what was called. */
function stepKey({ title, thought, actions }: RunStep): string {
  return JSON.stringify([title, thought, actions.map(({ tool, args }) => [tool, args])]);
}

/** A step that unfolds to its thought and its calls. */
function stepEntry(step: RunStep, isCommon: boolean, services: PanelServices): HTMLElement {
  const { index, title, thought, actions, thinkingMs, kind } = step;
  const name = title !== '' ? title : kind === 'final-answer' ? t('Final answer') : t('No thought');
  const body = element('div', { class: 'compared-body' });
  const entry = element(
    'details',
    {},
    element(
      'summary',
      {},
      icon('chevron-right', 'twistie'),
      element(
        'span',
        { class: 'step-words' },
        element('span', {}, `${String(index)}. ${name}`, ...(isCommon ? [] : [element('span', { class: 'visually-hidden' }, ` (${t('only in this run')})`)])),
        element('span', { class: 'step-tools' }, ...actions.map(({ tool, args }) => element('span', { class: 'tool' }, icon(toolIcon(tool)), tool, element('span', { class: 'argument' }, condensed(args))))),
      ),
      element('span', { class: 'facts' }, formatDuration(thinkingMs)),
    ),
    body,
  );
  entry.addEventListener('toggle', () => {
    if (entry.open && body.childElementCount === 0) {
      body.append(
        ...(thought === '' ? [] : [rendered(thought, services)]),
        ...actions.flatMap(({ observation }) => (observation === undefined ? [] : [element('pre', { class: 'observation-text', tabindex: 0, role: 'group', 'aria-label': t('Observation') }, observation)])),
      );
    }
  });
  return element('li', { class: isCommon ? '' : 'is-different' }, entry);
}

function rendered(text: string, services: PanelServices): HTMLElement {
  const place = element('div', { class: 'thought markdown' });
  const view = new MarkdownView(place, markdownServices(undefined, services));
  view.setText(text, true);
  const render = (now: number): void => {
    if (view.render(now)) {
      requestAnimationFrame(render);
    }
  };
  render(performance.now());
  return place;
}

function answerView({ answer: text, request }: Run, place: HTMLElement, services: PanelServices): MarkdownView {
  const view = new MarkdownView(place, markdownServices(request.code?.path, services));
  view.setText(text === '' ? t('There is no answer.') : text, true);
  return view;
}

function markdownServices(ownPath: string | undefined, services: PanelServices): MarkdownServices {
  return {
    ...(ownPath === undefined ? {} : { ownPath }),
    copy: (copied) => services.copy(copied),
    openSource: (reference) => services.openSource(reference),
  };
}

/** What counts as one passage of an answer: the outermost of these. */
const passages = 'p, li, pre, tr, h3, h4, h5, h6, .formula';

function markPassages(columns: readonly Column[]): void {
  const [first = [], second = []] = columns.map(({ answerPlace }) =>
    [...answerPlace.querySelectorAll<HTMLElement>(passages)].filter((passage) => passage.parentElement?.closest(passages) === null));
  const texts = (found: readonly HTMLElement[]): readonly string[] => found.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
  const common = commonItems(texts(first), texts(second));
  first.forEach((passage, index) => passage.classList.toggle('is-different', !common.first.has(index)));
  second.forEach((passage, index) => passage.classList.toggle('is-different', !common.second.has(index)));
  const counts = [first.length - common.first.size, second.length - common.second.size];
  columns.forEach(({ onlyHere }, index) => {
    const count = counts[index] ?? 0;
    onlyHere.textContent = count === 0 ? '' : ` · ${count === 1 ? t('1 passage only here') : t('{0} passages only here', count)}`;
  });
}

function subject({ request: { task, code } }: Run): string {
  return code === undefined ? taskName(task) : `${taskName(task)} · ${code.symbol ?? placeText(code.path, code.range)}`;
}

/** A word for each of two runs: their models where those differ, else when they began as well, else a number. */
function columnNames(first: Run, second: Run): readonly [string, string] {
  const time = ({ startedAt }: Run, options: Intl.DateTimeFormatOptions): string => new Date(startedAt).toLocaleString(document.documentElement.lang, options);
  const isOneDay = new Date(first.startedAt).toDateString() === new Date(second.startedAt).toDateString();
  const day = isOneDay ? {} : ({ dateStyle: 'medium' } as const);
  const namings: readonly ((run: Run) => string)[] = [
    ({ model }) => model.label,
    (run) => `${run.model.label} · ${time(run, { ...day, timeStyle: 'short' })}`,
    (run) => `${run.model.label} · ${time(run, { ...day, timeStyle: 'medium' })}`,
  ];
  const name = namings.find((naming) => naming(first) !== naming(second));
  return name === undefined ? [`1 · ${first.model.label}`, `2 · ${second.model.label}`] : [name(first), name(second)];
}

/** A fact of both runs. `amounts` where they are numbers whose difference says something. */
interface Fact {
  readonly name: string;
  readonly values: readonly [string, string];
  readonly amounts?: readonly [number, number];
}

/** What the runs took and came to, a row for each fact that one of them has. */
function factsTable(first: Run, second: Run, names: readonly string[]): HTMLElement {
  const facts = comparedFacts(first, second).filter(({ values }) => values.some((value) => value !== ''));
  return element(
    'table',
    { class: 'compared-facts' },
    element('caption', { class: 'visually-hidden' }, t('What the runs took and came to')),
    element('thead', {}, element('tr', {}, element('td', {}), ...names.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...facts.map(({ name, values: [left, right], amounts }) =>
      element(
        'tr',
        { class: left === right ? '' : 'is-different' },
        element('th', { scope: 'row' }, name),
        element('td', {}, left === '' ? '–' : left),
        element('td', {}, right === '' ? '–' : right, ...(amounts === undefined || left === right ? [] : [' ', element('span', { class: 'facts' }, change(...amounts))])),
      ),
    )),
  );
}

function comparedFacts(first: Run, second: Run): readonly Fact[] {
  const pair = <Value>(of: (run: Run) => Value): readonly [Value, Value] => [of(first), of(second)];
  const amount = (name: string, of: (run: Run) => number | undefined, text: (value: number) => string): Fact => {
    const [left, right] = pair(of);
    const values = [left === undefined ? '' : text(left), right === undefined ? '' : text(right)] as const;
    return left === undefined || right === undefined ? { name, values } : { name, values, amounts: [left, right] };
  };
  const word = (name: string, of: (run: Run) => string | undefined): Fact => ({ name, values: pair((run) => of(run) ?? '') });
  return [
    word(t('Result'), ({ outcome }) => outcomeName(outcome)),
    word(t('Claimed'), ({ verdict }) => verdict?.claim),
    word(t('Derived from the code'), ({ verdict }) => verdict?.derived),
    word(t('Check'), ({ verdict }) => (verdict === undefined ? undefined : agreementName(verdict.agreement))),
    amount(t('Time in all'), ({ totals }) => totals?.elapsedMs, formatDuration),
    amount(t('Thinking'), ({ totals }) => totals?.thinkingMs, formatDuration),
    amount(t('Steps'), ({ steps }) => steps.length, String),
    amount(t('Tokens'), ({ totals }) => (totals === undefined ? undefined : totals.usage.promptTokens + totals.usage.completionTokens), (value) => value.toLocaleString(document.documentElement.lang)),
    amount(t('List price'), ({ totals }) => totals?.costUsd, (value) => `$${formatUsd(value)}`),
  ];
}

/** How the second amount differs from the first: `−42 %`, `+3 %`, `×12`; empty where that says nothing. */
function change(before: number, after: number): string {
  if (before === 0) {
    return '';
  }
  const ratio = after / before;
  if (ratio >= 10) {
    return `×${String(Math.round(ratio))}`;
  }
  const percent = Math.round((ratio - 1) * 100);
  return percent === 0 ? '' : `${percent > 0 ? '+' : '−'}${String(Math.abs(percent))} %`;
}
