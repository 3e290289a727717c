import { languageFamily } from '../analysis/outline/grammars';
import type { OutlineSymbol } from '../analysis/outline/outline';
import { outlineOf } from '../analysis/outline/outline';
import type { NamePlace, SyntaxProblem } from '../analysis/outline/places';
import { placesOfName, syntaxProblems } from '../analysis/outline/places';
import { isStepwiseError } from '../core/errors';
import { clipLine } from './textSearch';
import type {
  CodeDiagnostic,
  CodeSymbol,
  Knowledge,
  Reference,
  ReferenceList,
  ReferenceQuery,
  SymbolList,
  TextFile,
  TextMatch,
  WorkspacePort,
} from './workspace';

/** Largest text that is parsed, in UTF-16 units: parsing costs about a second per million. */
const maxParsedLength = 1_000_000;
/** Most files that are parsed to answer one question. */
const maxParsedFiles = 200;
/** Most lines with the name that are looked at. */
const maxCandidates = 4000;

/** The symbols of a file by its syntax tree; none, by text, for a language that has no grammar. */
export async function knownSymbols(file: TextFile): Promise<SymbolList> {
  const outline = await parsed(file, outlineOf);
  return outline === undefined ? { symbols: [], knowledge: 'text' } : { symbols: outline.map(codeSymbol), knowledge: 'syntax' };
}

function codeSymbol({ name, kind, startLine, endLine, children }: OutlineSymbol): CodeSymbol {
  return { name, kind, range: { startLine, endLine }, children: children.map(codeSymbol) };
}

/** What the parser finds wrong in a file; nothing for a language that has no grammar. */
export async function syntaxDiagnostics(file: TextFile): Promise<readonly CodeDiagnostic[]> {
  const problems = (await parsed(file, (text, languageId) => syntaxProblems(text, languageId))) ?? [];
  return problems.map((problem) => ({
    path: file.path,
    range: { startLine: problem.line, endLine: problem.endLine },
    column: problem.column,
    severity: 'error',
    message: syntaxMessage(problem),
    source: 'syntax',
  }));
}

function syntaxMessage({ missing, found }: SyntaxProblem): string {
  if (missing !== '') {
    return missing === 'identifier' ? 'A name is missing here.' : `"${missing}" is missing here.`;
  }
  return found === '' ? 'This cannot be parsed.' : `This cannot be parsed: ${found}`;
}

/**
 * Places where a name is used, without a language server: text search for the word, then the syntax tree of each
 * file, which leaves out comments and strings. It cannot tell two symbols of the same name apart. Where a path is
 * given, files of other languages are left out.
 */
export async function referencesBySyntax(workspace: WorkspacePort, query: ReferenceQuery, signal: AbortSignal): Promise<ReferenceList> {
  const { matches, truncated } = await workspace.searchText(
    { pattern: query.symbol, isRegex: false, caseSensitive: true, wholeWord: true, maxResults: maxCandidates },
    signal,
  );
  const byFile = groupByPath(matches);
  const family = query.path === undefined ? undefined : languageFamily((await workspace.readText(query.path, signal)).languageId);
  const references: Reference[] = [];
  let knowledge: Knowledge = 'syntax';
  let parsedFiles = 0;
  // The file that the question is about comes first, also where results are cut off.
  const paths = [...byFile.keys()].sort((first, second) => Number(second === query.path) - Number(first === query.path));
  for (const path of paths) {
    if (references.length > query.maxResults) {
      break;
    }
    const lines = byFile.get(path) ?? [];
    parsedFiles += 1;
    const file = parsedFiles <= maxParsedFiles ? await readable(workspace, path, signal) : undefined;
    if (file !== undefined && family !== undefined && languageFamily(file.languageId) !== family) {
      continue;
    }
    const places = file === undefined ? undefined : await parsed(file, (text, languageId) => placesOfName(text, languageId, query.symbol));
    if (file === undefined || places === undefined) {
      knowledge = 'text';
      references.push(...lines.map(textReference));
    } else {
      const texts = file.text.split('\n');
      references.push(...places.map((place) => reference(file, place, texts[place.line - 1] ?? '')));
    }
  }
  return {
    references: references.slice(0, query.maxResults),
    truncated: truncated || references.length > query.maxResults,
    knowledge,
  };
}

function groupByPath(matches: readonly TextMatch[]): ReadonlyMap<string, readonly TextMatch[]> {
  const groups = new Map<string, TextMatch[]>();
  for (const match of matches) {
    const group = groups.get(match.path);
    if (group === undefined) {
      groups.set(match.path, [match]);
    } else {
      group.push(match);
    }
  }
  return groups;
}

function reference(file: TextFile, { line, column, isDefinition }: NamePlace, text: string): Reference {
  return { path: file.path, line, column, text: clipLine(text, column), isDefinition };
}

function textReference({ path, line, column, text }: TextMatch): Reference {
  return { path, line, column, text, isDefinition: false };
}

async function readable(workspace: WorkspacePort, path: string, signal: AbortSignal): Promise<TextFile | undefined> {
  try {
    return await workspace.readText(path, signal);
  } catch (error) {
    if (isStepwiseError(error) && error.code !== 'cancelled') {
      return undefined;
    }
    throw error;
  }
}

/** What a reader of syntax says of a file; undefined where it is too large, or its language has no grammar. */
async function parsed<Value>(
  file: TextFile,
  read: (text: string, languageId: string) => Promise<Value | undefined>,
): Promise<Value | undefined> {
  return file.text.length > maxParsedLength ? undefined : await read(file.text, file.languageId);
}
