import type { ErrorData } from '../core/errors';
import { bundleTranslator, setTranslator } from '../core/l10n';
import type { WebviewApi } from './host';
import { Host } from './host';
import { warmUpMarkdown } from './markdown/warmUp';
import type { PanelSnapshot } from './protocol';
import { isToPanel } from './protocol';
import { CompareView } from './view/compareView';
import { EmptyView, loadingView } from './view/emptyView';
import { listenToKeys } from './view/keyboard';
import type { PageView } from './view/pageView';
import type { RunViewState } from './view/runView';
import { RunView } from './view/runView';

declare function acquireVsCodeApi(): WebviewApi;

let shown: PageView | undefined;
let shownRunId: string | undefined;
/** The two runs of the comparison that is shown. */
let comparedIds = '';
/** How a run looked that was left for a comparison: the way back leads there. */
let leftRun: { readonly runId: string; readonly state: RunViewState } | undefined;

const host = new Host(acquireVsCodeApi(), (error: ErrorData) => shown?.showProblem(error));

/** The view of that run, where it is what is shown. */
const runView = (runId: string | undefined): RunView | undefined => (shown instanceof RunView && runId === shownRunId ? shown : undefined);

document.body.replaceChildren(loadingView());
listenToKeys(() => shown?.keyActions() ?? []);
// Messages come from VS Code alone: a page with this policy has no frames and no other window knows of it.
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToPanel(data)) {
    return;
  }
  switch (data.type) {
    case 'snapshot':
      show(data.snapshot);
      return;
    case 'events':
      runView(data.runId)?.apply(data.events);
      return;
    case 'recent':
      runView(shownRunId)?.showRecent(data.recent);
      return;
    case 'note':
      runView(data.runId)?.showNote(data.note);
      return;
    case 'paused':
      runView(data.runId)?.showPaused(data.paused);
      return;
    case 'focus':
      runView(shownRunId)?.focus(data.target);
      return;
    case 'reply':
      host.settle(data);
  }
});
host.ready();
warmUpMarkdown();

function show(snapshot: PanelSnapshot): void {
  const { run, comparedRun } = snapshot;
  setTranslator(bundleTranslator(snapshot.bundle));
  document.documentElement.lang = snapshot.language;
  const ids = run === undefined || comparedRun === undefined ? '' : JSON.stringify([run.id, comparedRun.id]);
  // Both runs are over: where a person is in the comparison stays, whatever has changed around it.
  if (ids !== '' && ids === comparedIds) {
    return;
  }
  comparedIds = ids;
  // The host sends a snapshot whenever something around the run has changed, too: where a person was stays.
  const left = runView(run?.id)?.state() ?? (leftRun?.runId === run?.id ? leftRun?.state : undefined);
  leftRun = run !== undefined && comparedRun !== undefined && left !== undefined ? { runId: run.id, state: left } : undefined;
  const before = comparedRun === undefined ? left : undefined;
  const isFirst = shown === undefined;
  // A page that a person is not at must not take the focus away from where they are.
  const hadFocus = document.hasFocus() && shown?.root.contains(document.activeElement) === true;
  shown?.dispose();
  shownRunId = run?.id;
  if (run === undefined) {
    shown = new EmptyView(snapshot, host);
  } else {
    host.remember(run.id);
    shown = comparedRun === undefined ? new RunView(run, snapshot, host, before) : new CompareView(run, comparedRun, host);
  }
  document.body.replaceChildren(shown.root);
  if (before === undefined && !isFirst) {
    begin(shown.root, hadFocus);
  }
}

/** Another view begins at its top; the focus, where the view before had it, goes there as well. */
function begin(root: HTMLElement, hadFocus: boolean): void {
  document.documentElement.scrollTop = 0;
  if (hadFocus) {
    root.querySelector<HTMLElement>('h1[tabindex]')?.focus({ preventScroll: true });
  }
}
