import type * as vscode from 'vscode';
import type { ChatModel, ModelInfo } from '../core/model';

/** One of Stepwise's own models. */
export interface OfferedModel {
  /** `built-in`, `groq/<model>` or `openai-compatible/<model>`. */
  readonly id: string;
  readonly info: ModelInfo;
  /** A few words beside its name, translated. */
  readonly detail: string;
  /** A sentence about it, translated. */
  readonly tooltip: string;
}

/** The models that can be used now. */
export interface Models {
  /** Stepwise's own models that are set up, best first; asks no server. */
  offered(): Promise<readonly OfferedModel[]>;
  /** One of them by its id. Throws `no-key` or `no-model` where it is not set up. */
  open(id: string): Promise<ChatModel>;
  /** The model that the settings name, VS Code's own included. Throws as `open` does. */
  chosen(): Promise<ChatModel>;
  /** Fires when keys or settings change what is offered. */
  readonly onDidChange: vscode.Event<void>;
}
