import type { Program } from './program/ir';
import type { Library } from './library';
import type { SyntaxNode } from './syntax';

/** One language that the analysis reads: its grammar, how its tree becomes the IR, and what its library costs. */
export interface Language {
  /** VS Code language ids that it answers to. */
  readonly ids: readonly string[];
  /** File name of the grammar without `.wasm`, such as `tree-sitter-python`. */
  readonly grammar: string;
  readonly library: Library;
  /**
   * The source text that is parsed instead of `source`, with the same line breaks (columns may move), where a fragment
   * needs it: a method without a class around it, PHP without its opening tag. Left out where nothing is needed.
   */
  readonly prepare?: (source: string) => string;
  /** The IR of a whole file or fragment. Never throws for broken code: what cannot be read is left out or `unknown`. */
  lower(root: SyntaxNode, source: string): Program;
}
