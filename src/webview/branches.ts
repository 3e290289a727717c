import type { RunParent } from '../core/request';
import type { PanelRunSummary } from './protocol';

/** One run in the tree of those that came from each other. */
export interface Branch {
  readonly runId: string;
  /** 0 for the first run of the tree. */
  readonly depth: number;
  /** How it came from the run above it; undefined for the first one. */
  readonly parent?: RunParent;
  /** Undefined for a run that is no longer kept. */
  readonly summary?: PanelRunSummary;
}

/**
 * The tree that a run belongs to, each run before those that branched off from it, older ones first. Empty for a run
 * that stands alone. What a note says of its parent may be wrong, or go round in a circle: each run comes once.
 */
export function branchesOf(runId: string, runs: readonly PanelRunSummary[]): readonly Branch[] {
  const known = new Map(runs.map((summary) => [summary.runId, summary]));
  const children = new Map<string, PanelRunSummary[]>();
  for (const summary of runs.toSorted((first, second) => first.startedAt - second.startedAt)) {
    if (summary.parent !== undefined) {
      children.set(summary.parent.runId, [...(children.get(summary.parent.runId) ?? []), summary]);
    }
  }
  const tree: Branch[] = [];
  const seen = new Set<string>();
  const add = (id: string, depth: number): void => {
    if (seen.has(id)) {
      return;
    }
    seen.add(id);
    const summary = known.get(id);
    tree.push({
      runId: id,
      depth,
      ...(summary?.parent === undefined || depth === 0 ? {} : { parent: summary.parent }),
      ...(summary === undefined ? {} : { summary }),
    });
    for (const child of children.get(id) ?? []) {
      add(child.runId, depth + 1);
    }
  };
  add(rootOf(runId, known), 0);
  return tree.length > 1 ? tree : [];
}

/** The run at which the line of parents ends: one without a parent, one that is not kept, or where a circle closes. */
function rootOf(runId: string, known: ReadonlyMap<string, PanelRunSummary>): string {
  const seen = new Set<string>();
  let id = runId;
  for (;;) {
    seen.add(id);
    const parent = known.get(id)?.parent?.runId;
    if (parent === undefined || seen.has(parent)) {
      return id;
    }
    id = parent;
  }
}
