import type { SyntaxNode } from '../../../analysis/syntax';
import type { Code } from '../syntax/code';

/** How bad it is: `high` is wrong or open whenever it runs, `medium` for some inputs, `low` is worth a look. */
export type FindingSeverity = 'high' | 'medium' | 'low';

/** Something that a check found in code. */
export interface Finding {
  readonly node: SyntaxNode;
  readonly severity: FindingSeverity;
  /** What is there and what follows from it, a sentence for people, translated. */
  readonly text: string;
  /** What to do instead, a sentence for people, translated. */
  readonly fix: string;
}

/** Looks at one node; most checks find nothing at most nodes. */
export type Check = (node: SyntaxNode, code: Code) => Finding | undefined;

/** What all checks find, in the order of lines, each sentence once per line. */
export function runChecks(code: Code, checks: readonly Check[]): readonly Finding[] {
  const found: Finding[] = [];
  const seen = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    for (const check of checks) {
      const finding = check(node, code);
      const key = finding === undefined ? '' : `${String(finding.node.startLine)} ${finding.text}`;
      if (finding !== undefined && !seen.has(key)) {
        seen.add(key);
        found.push(finding);
      }
    }
    for (const inner of node.children) {
      visit(inner);
    }
  };
  visit(code.root);
  return found.sort((first, second) => first.node.startLine - second.node.startLine);
}
