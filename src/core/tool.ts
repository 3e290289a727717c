import type { SourceReference } from './request';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, Json>>;

/** Arguments of a call, after they were checked against the schema. */
export type ToolArguments = Readonly<Record<string, unknown>>;

/** What a model is told of a tool. */
export interface ToolDefinition {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** For the model: what it does, when to use it, what comes back. */
  readonly description: string;
  /** An object schema. */
  readonly parameters: JsonSchema;
}

/** What a call gave. `text` is what the model reads: data, never instructions. */
export interface ToolResult {
  readonly text: string;
  /** True when the call failed; `text` then says what to try next. */
  readonly isError?: boolean;
  /** Places that were read, for the views. */
  readonly references?: readonly SourceReference[];
}

/** Something the model can call. */
export interface Tool extends ToolDefinition {
  /** True when a call changes nothing: such calls of one turn run at the same time and may be cached. */
  readonly readOnly: boolean;
  /** What the call does in a few words for the person, translated: "Reading src/app.ts, lines 1 to 40". */
  describe(args: ToolArguments): string;
  /**
   * Carries the call out. Expected failures are results with `isError`; what it throws is a bug or the abort of
   * `signal`.
   */
  run(args: ToolArguments, signal: AbortSignal): Promise<ToolResult>;
}
