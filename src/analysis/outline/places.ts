import { withTree } from '../parser';
import type { SyntaxNode } from '../syntax';
import { textOf } from '../syntax';
import { grammarFor } from './grammars';
import { flattenOutline, collect } from './outline';

/** A place in a text: 1-based line, 1-based column in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a name stands as an identifier. */
export interface NamePlace extends Place {
  /** True where the name is being defined. */
  readonly isDefinition: boolean;
}

/** A place that the parser could not read. */
export interface SyntaxProblem extends Place {
  readonly endLine: number;
  /** What was expected there, such as `)`, where the parser knows; else empty. */
  readonly missing: string;
  /** The beginning of the text that it could not read; empty where something is missing. */
  readonly found: string;
}

/**
 * Every place where `name` is an identifier: not in comments, not in strings. Undefined for a language that has no
 * grammar.
 */
export async function placesOfName(text: string, languageId: string, name: string): Promise<readonly NamePlace[] | undefined> {
  const grammar = grammarFor(languageId);
  if (grammar === undefined) {
    return undefined;
  }
  return await withTree(grammar, text, (root) => {
    const lastPart = /[^.:#]+$/;
    const definedOn = new Set(
      flattenOutline(collect(root, undefined))
        .filter((symbol) => (lastPart.exec(symbol.name)?.[0] ?? symbol.name) === name)
        .map((symbol) => symbol.nameLine),
    );
    const places: NamePlace[] = [];
    visitLeaves(root, (leaf) => {
      if (leaf.isNamed && /identifier|constant|^name$|type_identifier/.test(leaf.type) && leaf.end - leaf.start === name.length && textOf(leaf) === name) {
        places.push({ line: leaf.startLine, column: columnOf(leaf), isDefinition: definedOn.delete(leaf.startLine) });
      }
    });
    return places;
  });
}

/**
 * What the parser could not read, in order, at most `limit` places. Undefined for a language that has no grammar.
 * The grammars accept a little more and a little less than compilers do.
 */
export async function syntaxProblems(text: string, languageId: string, limit = 50): Promise<readonly SyntaxProblem[] | undefined> {
  const grammar = grammarFor(languageId);
  if (grammar === undefined) {
    return undefined;
  }
  return await withTree(grammar, text, (root) => {
    const problems: SyntaxProblem[] = [];
    collectProblems(root, problems);
    return problems.slice(0, limit);
  });
}

/** 1-based column of the start of a node, in UTF-16 units. */
export function columnOf(node: SyntaxNode): number {
  return node.start - node.source.lastIndexOf('\n', node.start - 1);
}

function collectProblems(node: SyntaxNode, into: SyntaxProblem[]): void {
  if (node.type === 'ERROR') {
    const found = (textOf(node).split('\n', 1)[0] ?? '').trim().slice(0, 60);
    into.push({ line: node.startLine, endLine: node.endLine, column: columnOf(node), missing: '', found });
    return;
  }
  if (isMissing(node)) {
    into.push({ line: node.startLine, endLine: node.endLine, column: columnOf(node), missing: node.type, found: '' });
  }
  for (const inner of node.children) {
    collectProblems(inner, into);
  }
}

/** A token that the parser put in to go on: it has no text. Named nodes without text occur in sound code too. */
function isMissing(node: SyntaxNode): boolean {
  const isToken = node.children.length === 0 && node.start === node.end;
  return isToken && (node.isNamed ? node.type === 'identifier' : /^[^\w\s]+$|^end$/.test(node.type));
}

function visitLeaves(node: SyntaxNode, visit: (leaf: SyntaxNode) => void): void {
  if (node.children.length === 0) {
    visit(node);
    return;
  }
  if (node.type.includes('comment')) {
    return;
  }
  for (const inner of node.children) {
    visitLeaves(inner, visit);
  }
}
