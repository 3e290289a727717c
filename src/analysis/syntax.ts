/**
 * A node of a syntax tree, copied out of WebAssembly once. Children include anonymous tokens (operators, keywords);
 * comments and other extras are kept under their type `comment` and are left out of `named`.
 */
export interface SyntaxNode {
  readonly type: string;
  /** Field of the parent that this node fills, as the grammar names it. */
  readonly field: string | undefined;
  readonly isNamed: boolean;
  /** Offsets into the source, in UTF-16 units; the end is excluded. */
  readonly start: number;
  readonly end: number;
  /** 1-based lines, both included. */
  readonly startLine: number;
  readonly endLine: number;
  readonly children: readonly SyntaxNode[];
  /** Shared by all nodes of a tree. */
  readonly source: string;
}

/** The source text of `node`. */
export function textOf(node: SyntaxNode): string {
  return node.source.slice(node.start, node.end);
}

/** The child in `field`, or undefined. */
export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const candidate of node.children) {
    if (candidate.field === field) {
      return candidate;
    }
  }
  return undefined;
}

/**
 * The same text as the engine keeps names of properties: it compares those by where they are, like the literals in this
 * code, and others character by character.
 */
export function internalized(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}

/** All children in `field`. */
export function childrenIn(node: SyntaxNode, field: string): SyntaxNode[] {
  return node.children.filter((candidate) => candidate.field === field);
}

/** The named children, without comments and line continuations. */
export function named(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((candidate) => candidate.isNamed && !candidate.type.endsWith('comment') && candidate.type !== 'line_continuation');
}

/** The first child of one of `types`. */
export function childOfType(node: SyntaxNode, ...types: string[]): SyntaxNode | undefined {
  return node.children.find((candidate) => types.includes(candidate.type));
}

const sound = new WeakSet<SyntaxNode>();

/** Notes that the parser could read all of a tree. */
export function noteSound(root: SyntaxNode): void {
  sound.add(root);
}

/** How many nodes below `node` the parser could not read. */
export function countErrors(node: SyntaxNode): number {
  return sound.has(node) ? 0 : countErrorsIn(node);
}

function countErrorsIn(node: SyntaxNode): number {
  let errors = node.type === 'ERROR' ? 1 : 0;
  for (const inner of node.children) {
    if (inner.children.length > 0 || inner.type === 'ERROR') {
      errors += countErrorsIn(inner);
    }
  }
  return errors;
}
