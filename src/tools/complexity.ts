import type { ComplexityReport, FunctionReport } from '../analysis/index';
import { analyzeComplexity, canAnalyze } from '../analysis/index';
import { flattenOutline, outlineOf } from '../analysis/outline/outline';
import { formatReport } from '../analysis/outline/reportText';
import { t } from '../core/l10n';
import type { LineRange } from '../core/request';
import type { Tool, ToolArguments, ToolResult } from '../core/tool';
import { integerArgument, textArgument } from './argumentValues';
import { languageIdOf } from './languageIds';
import { failed, failureOf } from './toolFailure';
import type { TextFile, WorkspacePort } from './workspace';

/** Longest code that is analysed, in UTF-16 units. */
const maxCodeLength = 400_000;
/**
 * Longest time of one analysis, in ms. Its steps are limited as well, which is what ends it on a machine that has
 * nothing else to do; this is for one that has.
 */
const analysisLimitMs = 2000;

/** Length from which only the function in question is analysed, in UTF-16 units. */
const longFile = 20_000;

/** Ids that models write for a language, beside VS Code's. */
const languageNames: Readonly<Record<string, string>> = {
  py: 'python', js: 'javascript', jsx: 'javascriptreact', ts: 'typescript', tsx: 'typescriptreact', golang: 'go', 'c++': 'cpp', cc: 'cpp',
  'c#': 'csharp', cs: 'csharp', rs: 'rust', rb: 'ruby',
};

/** Derives time and space complexity by static analysis. */
export function createAnalyzeComplexityTool(workspace: WorkspacePort): Tool {
  return {
    name: 'analyze_complexity',
    description:
      'Derive the worst-case time and space complexity of code by static analysis, with the loops, recursions and library calls that cause it, line by line. ' +
      'Give a path, with a symbol or lines for a part of the file; or give code with its language. ' +
      'Reads Python, Java, JavaScript, TypeScript, Go, C, C++, C#, Rust, Ruby and PHP. It says how sure it is and what it could not decide.',
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'File to analyse, relative to the workspace, with "/".' },
        symbol: { type: 'string', description: 'Name of a function in that file or code.' },
        start_line: { type: 'integer', minimum: 1, description: 'First line of the part of the file, from 1.' },
        end_line: { type: 'integer', minimum: 1, description: 'Last line of the part of the file, included.' },
        code: { type: 'string', description: 'Code to analyse, instead of a path.' },
        language: { type: 'string', description: 'Language of the code, such as "python"; needed with code.' },
      },
    },
    readOnly: true,
    describe: describeAnalysis,
    async run(args, signal) {
      const path = textArgument(args, 'path');
      const code = textArgument(args, 'code');
      if (code === undefined && path === undefined) {
        return failed('Give a path (with symbol or lines, if you like), or code with its language.');
      }
      try {
        return code === undefined
          ? await analyzeFile(await workspace.readText(path ?? '', signal), args)
          : await analyzeCode(code, path, args);
      } catch (error) {
        return failureOf(error, path ?? '');
      }
    },
  };
}

function describeAnalysis(args: ToolArguments): string {
  const symbol = textArgument(args, 'symbol');
  const path = textArgument(args, 'path');
  const range = rangeArgument(args);
  if (symbol !== undefined) {
    return t('Deriving the complexity of {0}', symbol);
  }
  if (path === undefined || textArgument(args, 'code') !== undefined) {
    return t('Deriving the complexity of the code');
  }
  return range === undefined
    ? t('Deriving the complexity of {0}', path)
    : t('Deriving the complexity of {0}, lines {1} to {2}', path, range.startLine, range.endLine);
}

/** The lines that were asked for; one end alone means one line. */
function rangeArgument(args: ToolArguments): LineRange | undefined {
  const start = integerArgument(args, 'start_line') ?? integerArgument(args, 'end_line');
  return start === undefined ? undefined : { startLine: start, endLine: integerArgument(args, 'end_line') ?? start };
}

async function analyzeCode(code: string, path: string | undefined, args: ToolArguments): Promise<ToolResult> {
  const named = textArgument(args, 'language')?.trim().toLowerCase();
  const languageId = named === undefined ? languageIdOf(path ?? '') : Object.hasOwn(languageNames, named) ? languageNames[named] ?? named : named;
  if (named === undefined && languageId === 'plaintext') {
    return failed('Say which language the code is in, such as language "python".');
  }
  return await analyze({ path: path ?? 'code', text: code, languageId, unsaved: false }, textArgument(args, 'symbol'), undefined);
}

async function analyzeFile(file: TextFile, args: ToolArguments): Promise<ToolResult> {
  const range = rangeArgument(args);
  const lineCount = file.text.replace(/\n$/, '').split('\n').length;
  if (range !== undefined && (range.startLine > lineCount || range.endLine < range.startLine)) {
    return failed(`${file.path} has ${String(lineCount)} lines; ask for 1–${String(lineCount)}, the first line not after the last.`);
  }
  return await analyze(file, textArgument(args, 'symbol'), range);
}

async function analyze(file: TextFile, symbol: string | undefined, range: LineRange | undefined): Promise<ToolResult> {
  if (!canAnalyze(file.languageId)) {
    return failed(`The language ${file.languageId} cannot be analysed. Read the code with read_file and reason about it yourself.`);
  }
  if (file.text.length > maxCodeLength) {
    return failed(`${file.path} is too long to be analysed as a whole. Read the part that matters and give it as code.`);
  }
  const part = range ?? (symbol === undefined ? undefined : await linesOfSymbol(file, symbol));
  const report = await analyzeComplexity(file.text, file.languageId, {
    limitMs: analysisLimitMs,
    ...(part === undefined ? {} : { range: { start: part.startLine, end: part.endLine } }),
  });
  const focus = symbol === undefined ? report.whole : functionNamed(report, symbol);
  if (focus === undefined) {
    const names = [...new Set(report.functions.map((fn) => fn.name))].slice(0, 40).join(', ');
    return failed(`${file.path} has no function "${symbol ?? ''}"${range === undefined ? '' : ' in these lines'}. ${names === '' ? 'It defines none; leave symbol out.' : `It has: ${names}.`}`);
  }
  return {
    text: withNote(formatReport(report, file.path, focus), focus, range),
    ...(file.path === 'code' ? {} : { references: [{ path: file.path, range: { startLine: focus.range.start, endLine: focus.range.end } }] }),
  };
}

/** Where a function is, so that a long file costs no more than what was asked for; the whole file where that is not clear. */
async function linesOfSymbol(file: TextFile, symbol: string): Promise<LineRange | undefined> {
  if (file.text.length < longFile) {
    return undefined;
  }
  const wanted = lastName(symbol.trim().replace(/\(.*$/s, ''));
  const found = flattenOutline((await outlineOf(file.text, file.languageId)) ?? []).filter(({ name }) => lastName(name) === wanted);
  return found.length === 1 ? found[0] : undefined;
}

/** Says so where more than the lines that were asked for was analysed. */
function withNote(text: string, focus: FunctionReport, range: LineRange | undefined): string {
  const isWider = range !== undefined && focus.name !== '' && (focus.range.start < range.startLine || focus.range.end > range.endLine);
  return isWider
    ? `${text}\nNote: lines ${String(range.startLine)}–${String(range.endLine)} lie in ${focus.name}, which was analysed as a whole.`
    : text;
}

/** A function by the name as models write it: `Graph.walk`, `Graph::walk`, `walk(…)`; the first where there are several. */
function functionNamed(report: ComplexityReport, symbol: string): FunctionReport | undefined {
  const wanted = symbol.trim().replace(/\(.*$/s, '');
  const lastPart = lastName(wanted);
  return report.functions.find((fn) => fn.name === wanted) ?? report.functions.find((fn) => lastName(fn.name) === lastPart);
}

function lastName(name: string): string {
  return name.replace(/^.*(?:\.|::|#|->)/s, '');
}
