import { Language, Parser } from '@vscode/tree-sitter-wasm';
import { expect, it } from 'vitest';
import { type TreeWalk, walkOf } from '../../../src/analysis/treeWalk';
import { createGrammarSource } from '../../../src/node/grammars';

/** All that a walk tells, node by node. */
function pathOf(walk: TreeWalk): string[] {
  const told: string[] = [];
  const here = (): void => {
    told.push(`${walk.typeId()} ${walk.fieldId()} ${walk.startIndex()}–${walk.endIndex()}`);
  };
  here();
  for (;;) {
    if (walk.toFirstChild()) {
      here();
      continue;
    }
    while (!walk.toNextSibling()) {
      if (!walk.toParent()) {
        return told;
      }
      told.push('up');
    }
    here();
  }
}

it('tells the same directly as by the cursor of the package, again and again', async () => {
  const source = createGrammarSource({ from: import.meta.url });
  const binding = { wasmBinary: await source.load('tree-sitter') };
  await (Parser.init as unknown as (options: object) => Promise<void>)(binding);
  const parser = new Parser();
  parser.setLanguage(await Language.load(await source.load('tree-sitter-python')));
  for (const text of ['', 'x', 'def f(xs):\n    # 数\n    return [x + 1 for x in xs if x > "é"]\n', 'def broken(:\n  if )\n', 'class A:\n  pass\n'.repeat(200)]) {
    const tree = parser.parse(text);
    if (tree === null) {
      throw new Error('no tree');
    }
    expect('_ts_tree_cursor_goto_next_sibling_wasm' in binding).toBe(true);
    const told = [binding, {}, binding].map((each) => {
      const walk = walkOf(tree, each);
      const path = pathOf(walk);
      walk.delete();
      return path;
    });
    expect(told[0]?.length).toBeGreaterThan(0);
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    tree.delete();
  }
  parser.delete();
});
