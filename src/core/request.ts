import type { ChatMessage } from './model';
import type { ToolArguments } from './tool';

/** What a person can ask for. `question` is their own question. */
export type TaskKind = 'complexity' | 'explain' | 'bugs' | 'security' | 'tests' | 'refactor' | 'question';

/** All tasks, in the order in which they are offered. */
export const taskKinds: readonly TaskKind[] = [
  'complexity',
  'explain',
  'bugs',
  'security',
  'tests',
  'refactor',
  'question',
];

/** Lines of a file, 1-based, both ends included. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

/** A place in a file of the workspace. */
export interface SourceReference {
  /** Path as tools take it: relative to its workspace folder, with `/`. */
  readonly path: string;
  readonly range?: LineRange;
}

/** Code that a request is about. */
export interface CodeExcerpt {
  /** Where it is, as a URI string; `untitled:` for a document that was never saved; empty where it is not known. */
  readonly uri: string;
  /** Path as tools take it: relative to its workspace folder, with `/` (`folder/path` where there are several). */
  readonly path: string;
  /** VS Code's language id. */
  readonly languageId: string;
  /** The lines of `range`, whole. */
  readonly text: string;
  readonly range: LineRange;
  /** Name of the function or class that the excerpt is, where it is one. */
  readonly symbol?: string;
}

/** How the model and the loop talk. `auto` goes by what is known of the model and what it manages. */
export type ProtocolPreference = 'auto' | 'xml' | 'json-steps' | 'native';

/** Options of a run; their names are those of the self-thinking API where it has them. */
export interface ReasoningOptions {
  /** Most model turns with tools, 1 to 25. Default 5. */
  readonly maxIterations?: number;
  /** Whether thoughts are part of what is shown and returned. Default true. */
  readonly includeThoughts?: boolean;
  /** Put before Stepwise's own instructions. */
  readonly systemPrompt?: string;
  /** Further paragraphs, put after them. */
  readonly additionalPrompts?: readonly string[];
  /** Names of the tools that may be used; all of the given ones if left out. */
  readonly tools?: readonly string[];
  readonly protocol?: ProtocolPreference;
  /** Most tokens of all calls of a run together, prompt and completion. No limit if left out. */
  readonly maxTokensPerRun?: number;
  /** Most tokens that the model may write in one turn. */
  readonly maxTokensPerTurn?: number;
  /** Longest time of a run, in ms. Default 300,000. */
  readonly timeLimitMs?: number;
  /** 0 to 2. Default 0. */
  readonly temperature?: number;
  readonly stop?: readonly string[];
  /** Opaque id of the end user, passed on to the server. */
  readonly user?: string;
}

/** A step that was taken before, perhaps edited since, from which a run goes on. */
export interface EarlierStep {
  readonly title: string;
  readonly thought: string;
  readonly actions: readonly EarlierAction[];
}

/** A call of an earlier step with what came back from it. */
export interface EarlierAction {
  readonly tool: string;
  readonly args: ToolArguments;
  readonly observation: string;
  readonly isError: boolean;
}

/** How a run came from an earlier one. */
export type BranchKind = 'fork' | 'retry' | 'go-deeper' | 'follow-up';

/** The run from which another one branched off. */
export interface RunParent {
  readonly kind: BranchKind;
  readonly runId: string;
  /** The step from which a fork goes on, 1-based and included. */
  readonly step?: number;
  /** True where a person changed that step first. */
  readonly edited?: boolean;
}

/** A question about code, ready to be reasoned about. */
export interface ReasoningRequest {
  readonly task: TaskKind;
  /** The question in the person's words, or the task's own wording. Never empty. */
  readonly question: string;
  readonly code?: CodeExcerpt;
  /** Further code that the person attached. */
  readonly attachments?: readonly CodeExcerpt[];
  /** Earlier turns of the conversation: user and assistant messages, oldest first. */
  readonly history?: readonly ChatMessage[];
  /** Steps to go on from: the run begins with them as they are here, and `maxIterations` counts from there. */
  readonly earlierSteps?: readonly EarlierStep[];
  /** The run that this one branches off from. The loop does not look at it; views show it. */
  readonly parent?: RunParent;
  readonly options?: ReasoningOptions;
}
