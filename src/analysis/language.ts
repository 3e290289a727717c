import type { Program } from './ir';
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
   * The source text that is parsed instead of `source`, of the same length and with the same line breaks, where a
   * fragment needs it (a Java method without a class around it). Left out where nothing is needed.
   */
  readonly prepare?: (source: string) => string;
  /** The IR of a whole file or fragment. Never throws for broken code: what cannot be read is left out or `unknown`. */
  lower(root: SyntaxNode, source: string): Program;
}
