import { beforeAll, describe, expect, it } from 'vitest';
import type { OutlineSymbol } from '../../../../src/analysis/outline/outline';
import { flattenOutline, outlineOf } from '../../../../src/analysis/outline/outline';
import { placesOfName, syntaxProblems } from '../../../../src/analysis/outline/places';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

/** `kind name start-end`, inner ones behind two more spaces. */
function tell(symbols: readonly OutlineSymbol[], indent = ''): readonly string[] {
  return symbols.flatMap((symbol) => [
    `${indent}${symbol.kind} ${symbol.name} ${symbol.startLine}-${symbol.endLine}`,
    ...tell(symbol.children, `${indent}  `),
  ]);
}

const cases: Readonly<Record<string, { readonly code: string; readonly expected: readonly string[] }>> = {
  python: {
    code: `import os

class Stack(Base):
    def __init__(self):
        self.items = []

    @property
    def top(self):
        def inner():
            return 1
        return self.items[-1]

double = lambda x: x * 2
async def main():
    pass
`,
    expected: ['class Stack 3-11', '  constructor __init__ 4-5', '  method top 7-11', '    function inner 9-10', 'function double 13-13', 'function main 14-15'],
  },
  java: {
    code: `package a;
public class Graph<T> {
    interface Visitor { void visit(int node); }
    enum Color { RED }
    Graph() { }
    int degree(int v) {
        return 0;
    }
}
record Point(int x, int y) { }
`,
    expected: ['class Graph 2-9', '  interface Visitor 3-3', '    method visit 3-3', '  enum Color 4-4', '  constructor Graph 5-5', '  method degree 6-8', 'class Point 10-10'],
  },
  javascript: {
    code: `export function first() {}
const second = async (x) => x;
class Third {
  constructor() {}
  #hidden() {}
  arrow = () => 1;
}
module.exports.fourth = function () {};
const table = { fifth() {}, sixth: () => 2 };
function* seventh() {}
`,
    expected: ['function first 1-1', 'function second 2-2', 'class Third 3-7', '  constructor constructor 4-4', '  method #hidden 5-5', '  method arrow 6-6', 'function fourth 8-8', 'method fifth 9-9', 'function sixth 9-9', 'function seventh 10-10'],
  },
  typescript: {
    code: `export interface Shape { area(): number }
export type Name = string;
enum Color { Red }
namespace Inner { export function deep(): void {} }
export abstract class Base<T> {
  abstract run(): void;
  private async load(): Promise<T[]> { return []; }
}
export const pick = <T,>(items: T[]): T | undefined => items[0];
`,
    expected: ['interface Shape 1-1', 'type Name 2-2', 'enum Color 3-3', 'namespace Inner 4-4', '  function deep 4-4', 'class Base 5-8', '  method run 6-6', '  method load 7-7', 'function pick 9-9'],
  },
  typescriptreact: { code: 'export function View() {\n  return <div>{1}</div>;\n}\n', expected: ['function View 1-3'] },
  go: {
    code: `package main

type Stack struct { items []int }
type Reader interface { Read() }

func (s *Stack) Push(v int) {
	s.items = append(s.items, v)
}

func main() {
	add := func(a int) int { return a }
	add(1)
}
`,
    expected: ['struct Stack 3-3', 'interface Reader 4-4', 'method Push 6-8', 'function main 10-13'],
  },
  cpp: {
    code: `#include <vector>
namespace app {
template <typename T>
class Heap {
public:
  Heap() {}
  T pop() { return items.back(); }
  struct Node *next;
};
}
struct Point { int x; };
int *Heap::size(const std::vector<int>& v) {
  auto less = [](int a, int b) { return a < b; };
  return nullptr;
}
int main() { return 0; }
`,
    expected: ['namespace app 2-10', '  class Heap 3-9', '    method Heap 6-6', '    method pop 7-7', 'struct Point 11-11', 'method Heap::size 12-15', '  function less 13-13', 'function main 16-16'],
  },
  csharp: {
    code: `namespace App {
  public class Cache<K> {
    public Cache() { }
    public int Get(K key) { int Local() => 1; return Local(); }
  }
  interface IShape { double Area(); }
  struct P { }
  enum E { A }
}
`,
    expected: ['namespace App 1-9', '  class Cache 2-5', '    constructor Cache 3-3', '    method Get 4-4', '      function Local 4-4', '  interface IShape 6-6', '    method Area 6-6', '  struct P 7-7', '  enum E 8-8'],
  },
  rust: {
    code: `pub struct Stack { items: Vec<i32> }
impl Stack {
    pub fn push(&mut self, v: i32) { self.items.push(v); }
}
trait Shape { fn area(&self) -> f64; }
enum Color { Red }
mod tests { fn inner() {} }
fn main() { let add = |a: i32| a + 1; add(2); }
`,
    expected: ['struct Stack 1-1', 'class Stack 2-4', '  method push 3-3', 'trait Shape 5-5', '  method area 5-5', 'enum Color 6-6', 'namespace tests 7-7', '  function inner 7-7', 'function main 8-8', '  function add 8-8'],
  },
  ruby: {
    code: `module App
  class Queue < Base
    def initialize(items)
      @items = items
    end

    def self.build
      new([])
    end
  end
end

def helper(x)
  x
end
square = ->(x) { x * x }
`,
    expected: ['namespace App 1-11', '  class Queue 2-10', '    constructor initialize 3-5', '    method build 7-9', 'function helper 13-15', 'function square 16-16'],
  },
  php: {
    code: `<?php
namespace App;
class Repo {
    public function __construct() {}
    public function find(int $id) { return null; }
}
interface HasName { public function name(): string; }
trait Loud { function shout() {} }
function helper($x) { return $x; }
`,
    expected: ['namespace App 2-2', 'class Repo 3-6', '  constructor __construct 4-4', '  method find 5-5', 'interface HasName 7-7', '  method name 7-7', 'trait Loud 8-8', '  method shout 8-8', 'function helper 9-9'],
  },
};

describe('outlineOf', () => {
  for (const [languageId, { code, expected }] of Object.entries(cases)) {
    it(`finds the definitions of ${languageId}`, async () => {
      expect(tell((await outlineOf(code, languageId)) ?? [])).toEqual(expected);
    });

    it(`parses the sample of ${languageId} without a problem`, async () => {
      expect(await syntaxProblems(code, languageId)).toEqual([]);
    });
  }

  it('knows nothing of a language without a grammar', async () => {
    expect(await outlineOf('x', 'cobol')).toBeUndefined();
    expect(await syntaxProblems('x', 'toString')).toBeUndefined();
    expect(await placesOfName('x', 'cobol', 'x')).toBeUndefined();
  });

  it('gives what it can for broken code', async () => {
    const outline = await outlineOf('def good():\n    return 1\n\ndef bad(:\n    return (\n\nclass Late:\n    pass\n', 'python');
    expect(flattenOutline(outline ?? []).map((symbol) => symbol.name)).toContain('good');
  });
});

describe('placesOfName', () => {
  it('finds uses and the definition, not comments and strings', async () => {
    const code = 'def total(xs):\n    # total of xs\n    return sum(xs)\n\nprint("total", total([1]))\ntotals = 3\n';
    expect(await placesOfName(code, 'python', 'total')).toEqual([
      { line: 1, column: 5, isDefinition: true },
      { line: 5, column: 16, isDefinition: false },
    ]);
  });

  it.each([
    ['ruby', 'class Box\nend\nBox.new\n', 'Box'],
    ['cpp', 'int f(int a) { return a; }\nint x = f(2);\n', 'f'],
    ['php', '<?php\nfunction go() {}\ngo();\n', 'go'],
    ['rust', 'fn run() {}\nfn main() { run(); }\n', 'run'],
    ['go', 'package a\nfunc run() {}\nfunc b() { run() }\n', 'run'],
  ])('tells the definition from the use in %s', async (languageId, code, name) => {
    const places = await placesOfName(code, languageId, name);
    expect(places?.map((place) => place.isDefinition)).toEqual([true, false]);
  });
});

describe('syntaxProblems', () => {
  it('names what is missing, with its place', async () => {
    const problems = await syntaxProblems('function f() {\n  return (1 + 2;\n}\n', 'javascript');
    expect(problems).toEqual([{ line: 2, endLine: 2, column: 16, missing: ')', found: '' }]);
  });

  it('shows what cannot be parsed', async () => {
    const problems = (await syntaxProblems('int x = 3;\nint ] y;\n', 'java')) ?? [];
    expect(problems.map((problem) => problem.line)).toEqual([2]);
    expect(problems[0]?.found).toContain(']');
  });
});
