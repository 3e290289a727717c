import type { ProtocolName } from '../../core/events';
import type { ChatMessage, ModelInfo, ModelRequest, NativeToolCall } from '../../core/model';
import type { EarlierStep } from '../../core/request';
import type { ToolDefinition } from '../../core/tool';

/** Text that a piece of a reply made visible. */
export interface VisibleText {
  readonly type: 'thought' | 'answer';
  readonly text: string;
}

/** A call that the model wants, as read from its reply. Arguments are not checked yet. */
export interface TurnAction {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Id of a native call, which its result has to name. */
  readonly nativeId?: string;
}

/** Why a reply could not be used as it is. */
export type TurnProblemKind = 'empty' | 'no-protocol' | 'truncated-action' | 'bad-arguments' | 'bad-step' | 'truncated';

export interface TurnProblem {
  readonly kind: TurnProblemKind;
  /** For the model: what exactly was wrong, such as the tool whose arguments could not be read. */
  readonly detail?: string;
}

/** What a whole reply says. */
export interface TurnReading {
  /** Step title where the protocol has one, else empty. */
  readonly title: string;
  readonly thought: string;
  readonly actions: readonly TurnAction[];
  readonly answer: string | null;
  /** The reply is one step of a chain that goes on without a tool. */
  readonly continues: boolean;
  /** The next call is to be the one for the final answer. */
  readonly wantsFinalAnswer: boolean;
  readonly recovered: boolean;
  readonly problem: TurnProblem | null;
}

/** Reads one reply while it streams. The reading never depends on how the text was cut into chunks. */
export interface TurnReader {
  push(text: string): readonly VisibleText[];
  /** Where the reply can be cut off because nothing after it would be used; undefined while that is open. */
  readonly cutAt: number | undefined;
  end(): TurnReading;
}

/** What came back from one action. */
export interface ActionOutcome {
  readonly action: TurnAction;
  readonly observation: string;
  readonly isError: boolean;
}

/** A way for a model and the loop to talk. Pure: it holds no state of a run. */
export interface Protocol {
  readonly name: ProtocolName;
  /** Tokens for the first reply of a run, where the protocol keeps its steps short. */
  readonly firstReplyTokens?: number;
  /** How the model is to write, for the system prompt or, after a change of protocol, for a user message. */
  instructions(tools: readonly ToolDefinition[]): string;
  /** Messages between the question and the first reply. */
  readonly opening: readonly ChatMessage[];
  /** What a call needs besides its messages. */
  callOptions(
    tools: readonly ToolDefinition[],
    model: ModelInfo,
  ): Pick<ModelRequest, 'stop' | 'responseFormat' | 'tools'>;
  createReader(toolNames: readonly string[]): TurnReader;
  /** The reply as the history keeps it. `calls` are native calls that came beside the text. */
  replyMessage(raw: string, calls: readonly NativeToolCall[]): ChatMessage;
  /** What the model gets to see of the outcomes. */
  observationMessages(outcomes: readonly ActionOutcome[]): readonly ChatMessage[];
  /** A step that was taken before, as the model would have written it, and what came back. `index` is 1-based. */
  replay(step: EarlierStep, index: number): readonly ChatMessage[];
  /** Asks for the final answer with what is there. `reason` says why now, for the model. */
  finalAnswerPrompt(reason: string): string;
}
