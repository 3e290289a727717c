import { unknownOf } from '../build';
import type { ClassIr, Expression, FunctionIr, Program } from '../ir';
import { child, countErrors, textOf, type SyntaxNode } from '../syntax';

/** What the lowerings of several languages share: where functions and classes are collected, and reading of fields. */
export abstract class Lowering {
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];

  /** The IR of one expression; never throws. */
  protected abstract expression(node: SyntaxNode): Expression;

  /** Keeps functions in order of appearance: the place is taken before `build` reads the body. */
  protected define(build: () => FunctionIr): FunctionIr {
    const at = this.functions.length;
    this.functions.push(undefined as unknown as FunctionIr);
    const fn = build();
    this.functions[at] = fn;
    return fn;
  }

  protected optional(node: SyntaxNode | undefined): Expression | undefined {
    return node === undefined ? undefined : this.expression(node);
  }

  /** The expression in a field of the grammar, or `unknown` where broken code lacks it. */
  protected expressionIn(node: SyntaxNode, field: string): Expression {
    const inner = child(node, field);
    return inner === undefined ? unknownOf([], { start: node.startLine, end: node.endLine }) : this.expression(inner);
  }

  protected all(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  /** The finished program. */
  protected finish(language: string, root: SyntaxNode, main: Program['main']): Program {
    return { language, functions: this.functions, classes: this.classes, main, syntaxErrors: countErrors(root) };
  }
}

/** The text of the child in `field`, or ''. */
export function textIn(node: SyntaxNode, field: string): string {
  const inner = child(node, field);
  return inner === undefined ? '' : textOf(inner);
}
