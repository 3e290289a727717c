import type { ErrorData } from '../core/errors';
import { bundleTranslator, setTranslator } from '../core/l10n';
import type { WebviewApi } from './host';
import { Host } from './host';
import { warmUpMarkdown } from './markdown/warmUp';
import type { PanelSnapshot } from './protocol';
import { isToPanel } from './protocol';
import { compareView } from './view/compareView';
import { emptyView, loadingView } from './view/emptyView';
import { listenToKeys } from './view/keyboard';
import { RunView } from './view/runView';

declare function acquireVsCodeApi(): WebviewApi;

let shown: RunView | undefined;
let shownRunId: string | undefined;

const host = new Host(acquireVsCodeApi(), (error: ErrorData) => shown?.showProblem(error));

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
      if (data.runId === shownRunId) {
        shown?.apply(data.events);
      }
      return;
    case 'note':
      if (data.runId === shownRunId) {
        shown?.showNote(data.note);
      }
      return;
    case 'paused':
      if (data.runId === shownRunId) {
        shown?.showPaused(data.paused);
      }
      return;
    case 'focus':
      shown?.focus(data.target);
      return;
    case 'reply':
      host.settle(data);
  }
});
host.ready();
warmUpMarkdown();

function show(snapshot: PanelSnapshot): void {
  setTranslator(bundleTranslator(snapshot.bundle));
  document.documentElement.lang = snapshot.language;
  // The host sends a snapshot whenever something around the run has changed, too: where a person was stays.
  const before = snapshot.run?.id === shownRunId ? shown?.state() : undefined;
  shown?.dispose();
  shown = undefined;
  shownRunId = snapshot.run?.id;
  if (snapshot.run === undefined) {
    document.body.replaceChildren(emptyView(snapshot, host));
    return;
  }
  host.remember(snapshot.run.id);
  if (snapshot.comparedRun !== undefined) {
    document.body.replaceChildren(compareView(snapshot.run, snapshot.comparedRun, host));
    return;
  }
  shown = new RunView(snapshot.run, snapshot, host, before);
  document.body.replaceChildren(shown.root);
}
