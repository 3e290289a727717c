import { t } from '../../core/l10n';
import type { Branch } from '../branches';
import { branchesOf } from '../branches';
import type { PanelServices } from '../host';
import type { PanelRunSummary } from '../protocol';
import { menu } from './menu';
import { summaryFacts } from './recentMenu';

/** A button that unfolds the tree of runs that came from each other; undefined for a run that stands alone. */
export function branchMenu(recent: readonly PanelRunSummary[], shown: string, services: PanelServices): HTMLDetailsElement | undefined {
  const branches = branchesOf(shown, recent);
  if (branches.length === 0) {
    return undefined;
  }
  const entries = branches.map((branch) => {
    const { runId, depth, summary } = branch;
    return {
      title: branchTitle(branch),
      icon: depth === 0 ? 'circle-filled' : 'git-branch',
      depth,
      isCurrent: runId === shown,
      ...(summary === undefined ? { facts: t('This run is no longer kept.') } : { facts: summaryFacts(summary) }),
      ...(summary === undefined || runId === shown ? {} : { onPress: () => services.send({ type: 'show-run', runId }) }),
    };
  });
  const current = branches.find(({ runId }) => runId === shown);
  const text = `${current === undefined ? '' : `${branchTitle(current)} · `}${t('{0} runs', branches.length)}`;
  return menu({ icon: 'git-branch', label: t('Runs that came from each other'), text, entries, class: 'button link' });
}

/** What a branch is: the original, or how it came from the run above it. */
function branchTitle({ parent, summary }: Branch): string {
  switch (parent?.kind) {
    case undefined:
      return t('Original');
    case 'fork':
      return parent.edited === true ? t('From step {0}, edited', parent.step ?? 1) : t('From step {0}', parent.step ?? 1);
    case 'retry':
      return t('Asked again');
    case 'go-deeper':
      return t('Deeper');
    case 'follow-up':
      return t('Follow-up: {0}', summary?.question ?? '');
  }
}
