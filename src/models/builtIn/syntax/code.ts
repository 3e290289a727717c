import { grammarFor } from '../../../analysis/outline/grammars';
import { definitionAt } from '../../../analysis/outline/outline';
import { withTree } from '../../../analysis/parser';
import type { SyntaxNode } from '../../../analysis/syntax';
import { child, childOfType, named, textOf } from '../../../analysis/syntax';
import type { ReadExcerpt } from '../../../core/excerpt';
import { isFunction } from './roles';
import { bodyOf, nodesOf } from './nodes';

/** Longest code that is looked at, in UTF-16 units. */
const maxLength = 400_000;

/** A parameter as it is written, and its bare name. */
export interface CodeParameter {
  readonly name: string;
  readonly text: string;
  readonly node: SyntaxNode;
}

/** A function of the code. */
export interface CodeFunction {
  /** Empty for one without a name. */
  readonly name: string;
  readonly node: SyntaxNode;
  readonly body: SyntaxNode;
  readonly parameters: readonly CodeParameter[];
}

/** Code that was parsed. Line numbers of nodes count from 1 within it; `line` gives those of the file. */
export interface Code {
  readonly path: string;
  readonly languageId: string;
  readonly root: SyntaxNode;
  /** All functions with a body, outer ones first, lambdas included. */
  readonly functions: readonly CodeFunction[];
  /** The line of the file on which a node begins. */
  line(node: SyntaxNode): number;
  endLine(node: SyntaxNode): number;
}

/** Parses an excerpt; undefined for a language without a grammar, and for code that is too long. */
export async function readCode(excerpt: Pick<ReadExcerpt, 'path' | 'languageId' | 'range' | 'text'>): Promise<Code | undefined> {
  const grammar = grammarFor(excerpt.languageId);
  if (grammar === undefined || excerpt.text.length > maxLength) {
    return undefined;
  }
  const offset = excerpt.range.startLine - 1;
  return await withTree(grammar, prepared(excerpt.text, excerpt.languageId), (root) => ({
    path: excerpt.path,
    languageId: excerpt.languageId,
    root,
    functions: functionsOf(root),
    line: (node) => node.startLine + offset,
    endLine: (node) => node.endLine + offset,
  }));
}

/** The text as the grammar wants it, with the same lines: a part of a file may be indented, PHP needs its mark. */
function prepared(text: string, languageId: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = Math.min(...indents, 200);
  const dedented = common > 0 && indents.length > 0 ? lines.map((line) => line.slice(Math.min(common, line.length))).join('\n') : text;
  return languageId === 'php' && !/<\?(?:php|=)/.test(dedented) ? `<?php ${dedented}` : dedented;
}

function functionsOf(root: SyntaxNode): readonly CodeFunction[] {
  const found: CodeFunction[] = [];
  const visit = (node: SyntaxNode, bound: string): void => {
    const definition = definitionAt(node, undefined);
    const name = definition?.name ?? bound;
    if (isFunction(node)) {
      const body = bodyOf(node);
      if (body !== undefined) {
        found.push({ name: lastName(name), node, body, parameters: parametersOf(node) });
      }
    }
    for (const inner of node.children) {
      visit(inner, isFunction(node) ? '' : definition?.body === inner ? name : '');
    }
  };
  visit(root, '');
  return found;
}

function lastName(name: string): string {
  return name.replace(/^.*(?:\.|::)/s, '');
}

function parametersOf(node: SyntaxNode): readonly CodeParameter[] {
  let holder: SyntaxNode | undefined = node;
  while (holder !== undefined && child(holder, 'parameters') === undefined && child(holder, 'declarator') !== undefined) {
    holder = child(holder, 'declarator');
  }
  const list = holder === undefined ? undefined : (child(holder, 'parameters') ?? childOfType(holder, 'parameter_list', 'formal_parameters', 'method_parameters', 'closure_parameters'));
  if (list === undefined) {
    const single = child(node, 'parameter');
    return single === undefined ? [] : [parameter(single)];
  }
  return list.type === 'identifier' ? [parameter(list)] : named(list).filter((each) => !/^(?:attribute|type_parameters|keyword_separator|positional_separator)/.test(each.type)).map(parameter);
}

function parameter(node: SyntaxNode): CodeParameter {
  const nameNode = child(node, 'name') ?? child(node, 'pattern') ?? child(node, 'declarator') ?? firstIdentifier(node) ?? node;
  const name = textOf(firstIdentifier(nameNode) ?? nameNode).replace(/^[&*$@\s]+/, '');
  return { name, text: textOf(node).replace(/\s+/g, ' '), node };
}

function firstIdentifier(node: SyntaxNode): SyntaxNode | undefined {
  for (const inner of nodesOf(node)) {
    if (inner.isNamed && /^(?:identifier|variable_name|simple_identifier|self|self_parameter)$/.test(inner.type)) {
      return inner;
    }
  }
  return undefined;
}

/** Parameters that a caller passes: without the receiver. */
export function inputsOf(fn: CodeFunction): readonly CodeParameter[] {
  return fn.parameters.filter(({ name, node }) => name !== 'self' && name !== 'cls' && node.type !== 'self_parameter' && name !== '');
}
