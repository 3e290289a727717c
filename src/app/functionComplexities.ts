import type { ComplexityReport, FunctionReport } from '../analysis/index';
import type { OutlineSymbol } from '../analysis/outline/outline';

/** The complexity of a function at its place in a text. */
export interface PlacedComplexity {
  readonly report: FunctionReport;
  /** 1-based line of its name. */
  readonly nameLine: number;
  /** By how many lines the function has moved since it was analysed: added to the lines of the evidence. */
  readonly shift: number;
}

/** What the cache needs of the analysis. */
export interface FunctionAnalysis {
  analyze(text: string, languageId: string): Promise<ComplexityReport>;
  outline(text: string, languageId: string): Promise<readonly OutlineSymbol[]>;
}

/** Functions that are kept at most; far more than a file has. */
const mostKept = 5000;

const functionKinds: ReadonlySet<string> = new Set(['function', 'method', 'constructor']);

/**
 * Complexities of the functions of a text, remembered by what the functions say: while none of their texts has
 * changed, typing between them or moving them costs an outline and no analysis. When one has changed, the whole
 * text is analysed again, since the costs of others may depend on it.
 */
export class FunctionComplexities {
  readonly #analysis: FunctionAnalysis;
  readonly #known = new Map<string, FunctionReport>();

  constructor(analysis: FunctionAnalysis) {
    this.#analysis = analysis;
  }

  /** The functions of `text`, in order. Rejects where the language has no grammar or it cannot be loaded. */
  async of(text: string, languageId: string): Promise<readonly PlacedComplexity[]> {
    const lines = text.split('\n');
    const symbols = (await this.#analysis.outline(text, languageId)).filter((symbol) => functionKinds.has(symbol.kind));
    const keys = symbols.map((symbol) => keyOf(languageId, symbol, lines));
    if (keys.some((key) => !this.#known.has(key))) {
      await this.#analyze(text, languageId, symbols, keys);
    }
    return symbols.flatMap((symbol, index) => {
      const report = this.#known.get(keys[index] ?? '');
      return report === undefined ? [] : [{ report, nameLine: symbol.nameLine, shift: symbol.startLine - report.range.start }];
    });
  }

  async #analyze(
    text: string,
    languageId: string,
    symbols: readonly OutlineSymbol[],
    keys: readonly string[],
  ): Promise<void> {
    const { functions } = await this.#analysis.analyze(text, languageId);
    for (const [index, symbol] of symbols.entries()) {
      const report = reportFor(symbol, functions);
      const key = keys[index];
      if (report !== undefined && key !== undefined) {
        this.#known.delete(key);
        this.#known.set(key, report);
      }
    }
    for (const key of this.#known.keys()) {
      if (this.#known.size <= mostKept) {
        break;
      }
      this.#known.delete(key);
    }
  }
}

function keyOf(languageId: string, { startLine, endLine }: OutlineSymbol, lines: readonly string[]): string {
  return `${languageId}\n${lines.slice(startLine - 1, endLine).join('\n')}`;
}

/** The report about a function: by its name and place; decorators may make its range begin earlier here than there. */
function reportFor(symbol: OutlineSymbol, functions: readonly FunctionReport[]): FunctionReport | undefined {
  const inside = functions.filter(({ range }) => range.start >= symbol.startLine && range.end <= symbol.endLine);
  const named = inside.find((report) => report.name === symbol.name) ?? inside.find(({ name }) => name.endsWith(`.${symbol.name}`));
  // The evidence's lines are kept as they are; the range is that of the symbol, by which shifts are counted.
  return named === undefined ? undefined : { ...named, range: { start: symbol.startLine, end: symbol.endLine } };
}
