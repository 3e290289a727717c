import type { PlaybookStore } from '../app/playbookStore';
import type { Runner } from '../app/runner';
import type { SessionStore } from '../app/sessions';
import type { RunSink } from '../core/events';
import type { ChatModel, ModelInfo } from '../core/model';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import type { LoopParts } from '../loop/runLoop';
import type { AdmissionQueue } from './admission';
import type { GatewayRuns } from './gatewayRuns';

/** What the gateway needs of whoever runs it: VS Code, or the program in `main.ts`. */
export interface GatewayParts {
  readonly token: string;
  /** Origins that browser pages may come from; none unless configured. */
  readonly allowedOrigins: readonly string[];
  readonly runner: Runner;
  readonly sessions: SessionStore;
  models(): Promise<readonly ModelInfo[]>;
  /** The model with that id, or the default one where none has it. Rejects with a `StepwiseError`. */
  model(id: string | undefined): Promise<ChatModel>;
  /** Tools that this machine carries out: the workspace's, and those that the person configured. */
  tools(): Promise<readonly Tool[]>;
  /** A request about a conversation, with the code that it holds or names found. */
  refine?(request: ReasoningRequest, signal: AbortSignal): ReasoningRequest | Promise<ReasoningRequest>;
  /** Views of a run besides its response, such as its note. */
  sinks?(request: ReasoningRequest): Promise<readonly RunSink[]>;
  checkAnswer?: LoopParts['checkAnswer'];
  /** What earlier runs taught; undefined where there is no workspace to keep it in. */
  readonly playbook?: PlaybookStore;
  /** Trouble that no client is told of. */
  readonly onFailure: (error: unknown) => void;
}

/** State that the routes share. */
export interface GatewayState {
  readonly parts: GatewayParts;
  readonly runs: GatewayRuns;
  readonly admission: AdmissionQueue;
}
