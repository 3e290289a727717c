import { t } from '../../core/l10n';
import type { Run } from '../../core/run';
import { formatDuration } from '../../core/text';
import { agreementName, outcomeName, taskName, totalsText } from '../../core/wording';
import type { PanelServices } from '../host';
import { MarkdownView } from '../markdown/markdownView';
import type { MarkdownServices } from '../markdown/render';
import { toolIcon } from './actionView';
import { element, icon, iconButton, textButton } from './dom';

/** Two runs side by side, one below the other where there is no room: what they took, what they said, and the checks. */
export function compareView(first: Run, second: Run, services: PanelServices): HTMLElement {
  const close = iconButton('close', t('Close Comparison'), () => services.send({ type: 'show-run', runId: first.id }));
  const isOneQuestion = first.request.question === second.request.question;
  return element(
    'div',
    { class: 'run is-wide' },
    element(
      'header',
      { class: 'head' },
      element('div', { class: 'head-row' }, element('h1', { class: 'question', tabindex: -1 }, isOneQuestion ? first.request.question : t('Two runs compared')), close),
      element('div', { class: 'about' }, element('span', {}, taskName(first.request.task))),
    ),
    element('main', { class: 'compare' }, ...[first, second].map((run, index) => column(run, index, isOneQuestion, services))),
  );
}

function column(run: Run, index: number, isOneQuestion: boolean, services: PanelServices): HTMLElement {
  const id = `compared-${String(index)}`;
  const { verdict, totals, model, outcome, steps } = run;
  return element(
    'section',
    { class: 'compared', 'aria-labelledby': id },
    element('h2', { id }, model.label),
    ...(isOneQuestion ? [] : [element('p', {}, run.request.question)]),
    element('p', { class: 'facts' }, [outcomeName(outcome), ...(totals === undefined ? [] : totalsText(totals))].join(' · ')),
    ...(verdict === undefined
      ? []
      : [element('div', { class: `verdict is-${verdict.agreement}` }, element('p', {}, element('strong', {}, agreementName(verdict.agreement)), ' ', verdict.explanation))]),
    element('h3', {}, t('Steps')),
    element('ol', { class: 'compared-steps' }, ...steps.map((step) =>
      element(
        'li',
        {},
        element(
          'span',
          { class: 'step-words' },
          element('span', {}, `${String(step.index)}. ${step.title}`),
          element('span', { class: 'step-tools' }, ...step.actions.map(({ tool }) => element('span', { class: 'tool' }, icon(toolIcon(tool)), tool))),
        ),
        element('span', { class: 'facts' }, formatDuration(step.thinkingMs)),
      ),
    )),
    element('h3', {}, t('Answer')),
    answer(run, services),
    element('div', { class: 'buttons' }, textButton(t('Show This Run'), () => services.send({ type: 'show-run', runId: run.id }))),
  );
}

function answer({ answer: text, request }: Run, services: PanelServices): HTMLElement {
  const place = element('div', { class: 'answer-text markdown' });
  const markdown: MarkdownServices = {
    ...(request.code === undefined ? {} : { ownPath: request.code.path }),
    copy: (copied) => services.copy(copied),
    openSource: (reference) => services.openSource(reference),
  };
  const view = new MarkdownView(place, markdown);
  view.setText(text === '' ? t('There is no answer.') : text, true);
  const render = (now: number): void => {
    if (view.render(now)) {
      requestAnimationFrame(render);
    }
  };
  render(performance.now());
  return place;
}
