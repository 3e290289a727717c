import { describe, expect, it } from 'vitest';
import { fencedCode, findFences, languageOfFence } from '../../../src/app/fences';

const lines = ['# Title', '', '```js', 'for (const x of xs) {', '  f(x);', '}', '```', '', '~~~', 'def g(xs):', '    return len(xs)', '~~~', '', '```rust', '', '```'];
const at = (startLine: number, endLine = startLine): { startLine: number; endLine: number } => ({ startLine, endLine });

describe('fencedCode', () => {
  it('is what lies inside one fence, in its language', () => {
    expect(fencedCode(lines, at(5), 'lines')).toEqual({ languageId: 'javascript', range: at(5) });
    expect(fencedCode(lines, at(5), 'block')).toEqual({ languageId: 'javascript', range: at(4, 6) });
  });

  it('leaves the marks of the fence out', () => {
    expect(fencedCode(lines, at(3, 7), 'lines')).toEqual({ languageId: 'javascript', range: at(4, 6) });
    expect(fencedCode(lines, at(3), 'lines')).toEqual({ languageId: 'javascript', range: at(4, 6) });
    expect(fencedCode(lines, at(6, 7), 'lines')).toEqual({ languageId: 'javascript', range: at(6) });
  });

  it('guesses the language where the fence names none', () => {
    expect(fencedCode(lines, at(11), 'block')).toEqual({ languageId: 'python', range: at(10, 11) });
  });

  it('is nothing outside of fences, across them, and in an empty one', () => {
    expect(fencedCode(lines, at(1), 'block')).toBeUndefined();
    expect(fencedCode(lines, at(1, 5), 'lines')).toBeUndefined();
    expect(fencedCode(lines, at(4, 11), 'lines')).toBeUndefined();
    expect(fencedCode(lines, at(15), 'block')).toBeUndefined();
  });

  it('goes to the end of a document where a fence is not closed', () => {
    expect(fencedCode(['```go', 'a()', 'b()'], at(2), 'block')).toEqual({ languageId: 'go', range: at(2, 3) });
  });
});

describe('languageOfFence', () => {
  it('reads the forms that are in use', () => {
    const named = (mark: string): string => languageOfFence(findFences([mark, 'x', '```'])[0]!, 'x');
    expect(['```py', '```Python', '```{python}', '```{r, echo=FALSE}', '```ts:src/a.ts', '```c++', '```constructor'].map(named))
      .toEqual(['python', 'python', 'python', 'r', 'typescript', 'cpp', 'constructor']);
  });
});
