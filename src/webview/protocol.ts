import type { ErrorData, ErrorRemedy } from '../core/errors';
import type { RunEvent, RunOutcome } from '../core/events';
import type { LineRange, RunParent, SourceReference, TaskKind } from '../core/request';
import type { Run } from '../core/run';

/*
 * Every message between the extension (the host) and the panel's page, in both directions.
 *
 * 1. The page loads and sends `ready` with the id of the run that it showed last, if it remembers one.
 * 2. The host answers with a `snapshot`: translations, and the run to show as it is at that moment.
 * 3. While that run goes on, the host sends its later events in batches; the page applies them with `reduceRun`.
 *    Events and snapshots keep their order: a batch that was collected before a snapshot is sent before it or dropped.
 * 4. What a person presses arrives as `request`; the host answers each with exactly one `reply`.
 */

/** What the host can do besides what every host does: the page shows no buttons for what is not listed. */
export type PanelAbility =
  | 'open-note'
  | 'follow-up'
  | 'retry'
  | 'go-deeper'
  | 'pause'
  | 'fork'
  | 'check-citations'
  | 'compare'
  | 'export';

/** A run in the list of recent ones. */
export interface PanelRunSummary {
  readonly runId: string;
  readonly task: TaskKind;
  readonly question: string;
  readonly modelLabel: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Undefined while it goes on. */
  readonly outcome?: RunOutcome;
  /** The run that it branched off from. */
  readonly parent?: RunParent;
}

/** How the note of the shown run stands. */
export type PanelNote =
  /** Notes are switched off, or there is none yet. */
  | { readonly state: 'none' }
  /** Written, or being written; `label` is its name for people, such as `.reasoning/why-is-it-slow.md`. */
  | { readonly state: 'written'; readonly label: string }
  | { readonly state: 'failed'; readonly error: ErrorData };

/** Everything that the page needs to show itself. It replaces all that it showed before. */
export interface PanelSnapshot {
  /** Translations: English sentence → sentence, as `vscode.l10n.bundle` has them. Empty for English. */
  readonly bundle: Readonly<Record<string, string>>;
  /** BCP 47 tag for numbers and dates, such as `zh-cn`. */
  readonly language: string;
  /** The run as it is now; undefined where there has been none yet. */
  readonly run?: Run;
  /** True while the run is held before its next step. */
  readonly paused: boolean;
  readonly note: PanelNote;
  /** The name of the model that the next run will use; left out where it is not known yet. */
  readonly nextModel?: string;
  readonly abilities: readonly PanelAbility[];
  /** Runs that can be shown, newest first; the shown one among them. */
  readonly recent: readonly PanelRunSummary[];
  /** A second run beside the first, where two are compared; both are over. Ends with `show-run`. */
  readonly comparedRun?: Run;
}

/** What the host tells the page. */
export type ToPanel =
  | { readonly type: 'snapshot'; readonly snapshot: PanelSnapshot }
  /** In order. A page that shows another run drops them. */
  | { readonly type: 'events'; readonly runId: string; readonly events: readonly RunEvent[] }
  /** The list of runs has changed. */
  | { readonly type: 'recent'; readonly recent: readonly PanelRunSummary[] }
  | { readonly type: 'note'; readonly runId: string; readonly note: PanelNote }
  | { readonly type: 'paused'; readonly runId: string; readonly paused: boolean }
  /** Moves the keyboard focus into the page: to the follow-up field or to the top of the run. */
  | { readonly type: 'focus'; readonly target: 'follow-up' | 'run' }
  | { readonly type: 'reply'; readonly id: number; readonly value: PanelReplyValue }
  | { readonly type: 'reply'; readonly id: number; readonly error: ErrorData };

/** What a person asks for in the page. Ids of runs are those of the snapshot. */
export type PanelRequest =
  | { readonly type: 'stop'; readonly runId: string }
  | { readonly type: 'pause'; readonly runId: string; readonly paused: boolean }
  | { readonly type: 'open-note'; readonly runId: string }
  /** Opens a file of the workspace at a place; `path` is as tools take it and must be confined by the host. */
  | { readonly type: 'open-source'; readonly path: string; readonly range?: LineRange }
  /** Asks a question that goes on from the run: its question and answer are the history. */
  | { readonly type: 'follow-up'; readonly runId: string; readonly text: string }
  /** The same request again, with the model that is chosen now. */
  | { readonly type: 'retry'; readonly runId: string }
  /** The same run with more steps: all of its steps are earlier steps of the new one. */
  | { readonly type: 'go-deeper'; readonly runId: string }
  /**
   * A new run that goes on from step `step` of this one (1-based, that step included), which is as `edited` says
   * where that is given. `otherModel` lets the person pick the model first.
   */
  | {
      readonly type: 'fork';
      readonly runId: string;
      readonly step: number;
      readonly edited?: EditedStep;
      readonly otherModel: boolean;
    }
  /** The run that the palette's commands start: about the selection, or an own question. */
  | { readonly type: 'ask'; readonly about: 'selection' | 'question' }
  | { readonly type: 'choose-model' }
  | { readonly type: 'remedy'; readonly remedy: ErrorRemedy; readonly runId: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'show-run'; readonly runId: string }
  /** Lets the person pick a run to see beside this one: the next snapshot has it as `comparedRun`. */
  | { readonly type: 'compare'; readonly runId: string }
  | { readonly type: 'export'; readonly runId: string; readonly format: 'html' | 'json' }
  /** Whether the places that an answer cites exist; one verdict for each, in order. */
  | { readonly type: 'check-citations'; readonly references: readonly SourceReference[] };

/** A step as a person changed it. `observations` are in the order of the step's actions that had come back. */
export interface EditedStep {
  readonly thought: string;
  readonly observations: readonly string[];
}

/** Whether a cited place exists. `no-lines`: the file does, but it has fewer lines. */
export type CitationState = 'found' | 'no-file' | 'no-lines';

/** The value of a reply: that of `check-citations`, null for all others. */
export type PanelReplyValue = readonly CitationState[] | null;

/** What the page tells the host. `id` is chosen by the page and comes back in the reply. */
export type FromPanel =
  | { readonly type: 'ready'; readonly runId?: string }
  | { readonly type: 'request'; readonly id: number; readonly request: PanelRequest };

const remedies: readonly string[] = [
  'set-key', 'choose-model', 'open-settings', 'retry', 'open-folder', 'manage-trust',
] satisfies readonly ErrorRemedy[];

/** Most characters of a text that the page sends: answers are long, but not without end. */
const maxText = 2_000_000;

/** Checks a message from the page; it arrives as `unknown`, and nothing in it is trusted before. */
export function isFromPanel(value: unknown): value is FromPanel {
  if (!isRecord(value)) {
    return false;
  }
  if (value['type'] === 'ready') {
    return value['runId'] === undefined || isText(value['runId']);
  }
  return value['type'] === 'request' && Number.isSafeInteger(value['id']) && isPanelRequest(value['request']);
}

/** Checks what a person asked for in the page. */
export function isPanelRequest(value: unknown): value is PanelRequest {
  if (!isRecord(value)) {
    return false;
  }
  switch (value['type']) {
    case 'choose-model':
      return true;
    case 'ask':
      return value['about'] === 'selection' || value['about'] === 'question';
    case 'copy':
      return isText(value['text']);
    case 'open-source':
      return isReference(value);
    case 'check-citations':
      return isListOf(value['references'], isReference);
    case 'stop':
    case 'open-note':
    case 'retry':
    case 'go-deeper':
    case 'show-run':
    case 'compare':
      return isText(value['runId']);
    case 'pause':
      return isText(value['runId']) && typeof value['paused'] === 'boolean';
    case 'follow-up':
      return isText(value['runId']) && isText(value['text']) && value['text'].trim() !== '';
    case 'remedy':
      return isText(value['runId']) && remedies.includes(String(value['remedy']));
    case 'export':
      return isText(value['runId']) && (value['format'] === 'html' || value['format'] === 'json');
    case 'fork':
      return (
        isText(value['runId']) &&
        isLineNumber(value['step']) &&
        typeof value['otherModel'] === 'boolean' &&
        (value['edited'] === undefined || isEditedStep(value['edited']))
      );
    default:
      return false;
  }
}

const toPanelTypes: readonly string[] = ['snapshot', 'events', 'recent', 'note', 'paused', 'focus', 'reply'] satisfies readonly ToPanel['type'][];

/** True for a message of the host. Other windows cannot post to the page; only the outer shape is checked. */
export function isToPanel(value: unknown): value is ToPanel {
  return isRecord(value) && toPanelTypes.includes(String(value['type']));
}

function isEditedStep(value: unknown): value is EditedStep {
  return isRecord(value) && isText(value['thought']) && isListOf(value['observations'], isText);
}

function isReference(value: unknown): value is SourceReference {
  return isRecord(value) && isText(value['path']) && (value['range'] === undefined || isRange(value['range']));
}

function isRange(value: unknown): value is LineRange {
  return isRecord(value) && isLineNumber(value['startLine']) && isLineNumber(value['endLine']);
}

function isLineNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxText;
}

function isListOf<Item>(value: unknown, guard: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.length <= 10_000 && value.every(guard);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
