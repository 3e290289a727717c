import * as vscode from 'vscode';
import { fencedCode, type FencedCode } from '../app/fences';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { CodeExcerpt, LineRange } from '../core/request';
import type { NamedRange } from './excerpt';
import { checkLength, innermost, lineCount, linesOf, looksBinary, maxFileBytes, maxWholeFileLines, selectedLines } from './excerpt';

/** The code that a request is about, and what the person should know of how it was found. */
export interface FoundCode {
  readonly code: CodeExcerpt;
  /** Further selections of the same editor. */
  readonly attachments: readonly CodeExcerpt[];
  /** Translated; such as "No function at the cursor: the whole file is taken." */
  readonly notice?: string;
}

/** Functions of a text without a language server: by its syntax tree. Empty for a language that is not known. */
export type FunctionFinder = (text: string, languageId: string) => Promise<readonly NamedRange[]>;

/** Language ids of documents whose code stands in fences. */
const proseLanguages: ReadonlySet<string> = new Set(['markdown', 'mdx', 'quarto', 'rmd']);

/**
 * The code at hand in an editor: the selection's whole lines; without one the function around the cursor, or the
 * fenced block in Markdown; without one the whole file where it is small. Throws `empty-selection` or `file-too-large` otherwise.
 */
export async function codeOfEditor(editor: vscode.TextEditor, findFunctions: FunctionFinder): Promise<FoundCode> {
  const { document } = editor;
  const lines = linesOfDocument(document);
  const ranges = editor.selections.flatMap((selection) => selectedLines(lines, selection.start, selection.end) ?? []);
  const [first, ...others] = ranges;
  const isProse = proseLanguages.has(document.languageId);
  if (first !== undefined) {
    const functions = isProse ? [] : await functionsOf(document, findFunctions);
    const codeOf = (range: LineRange): CodeExcerpt => {
      const fenced = isProse ? fencedCode(lines, range, 'lines') : undefined;
      return fenced === undefined ? excerpt(document, lines, range, nameOf(functions, range)) : fencedExcerpt(document, lines, fenced);
    };
    return { code: codeOf(first), attachments: others.map(codeOf) };
  }
  const cursorLine = editor.selection.active.line + 1;
  const around = isProse ? fencedCode(lines, { startLine: cursorLine, endLine: cursorLine }, 'block') : undefined;
  if (around !== undefined) {
    return { code: fencedExcerpt(document, lines, around), attachments: [] };
  }
  // A language server may list a function under another kind (a constant that holds one): the tree knows better.
  const enclosing =
    innermost(await functionsOf(document, findFunctions), cursorLine) ??
    innermost(await findFunctions(document.getText(), document.languageId), cursorLine);
  if (enclosing !== undefined) {
    return { code: excerpt(document, lines, enclosing.range, enclosing.name), attachments: [] };
  }
  if (lines.every((line) => line.trim() === '')) {
    throw new StepwiseError('empty-selection', t('There is no code here. Open a file with code, or select some.'));
  }
  if (lines.length > maxWholeFileLines) {
    throw new StepwiseError(
      'empty-selection',
      t('Nothing is selected, and there is no function at the cursor. Select the code to reason about; the file is too long to take whole ({0} lines).', lines.length),
    );
  }
  return {
    code: excerpt(document, lines, wholeRange(lines)),
    attachments: [],
    notice: t('Nothing is selected, and there is no function at the cursor: the whole file is taken.'),
  };
}

/** A whole document as an excerpt. Throws `empty-selection` or `file-too-large`. */
export function codeOfDocument(document: vscode.TextDocument): CodeExcerpt {
  const lines = linesOfDocument(document);
  if (lines.every((line) => line.trim() === '')) {
    throw new StepwiseError('empty-selection', t('There is no code here. Open a file with code, or select some.'));
  }
  return excerpt(document, lines, wholeRange(lines));
}

/** Some lines of a document (1-based, moved into it) as an excerpt, with the name of the function that they are. */
export async function codeOfRange(document: vscode.TextDocument, range: LineRange, findFunctions: FunctionFinder): Promise<CodeExcerpt> {
  const lines = linesOfDocument(document);
  const startLine = Math.min(Math.max(1, range.startLine), lines.length);
  const inside = { startLine, endLine: Math.min(Math.max(startLine, range.endLine), lines.length) };
  return excerpt(document, lines, inside, nameOf(await functionsOf(document, findFunctions), inside));
}

/**
 * Opens a file as text. Throws `binary-file`, `file-too-large` or `not-found` with what to do next; a document
 * that is open already is taken as it is, unsaved changes included.
 */
export async function openTextFile(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) {
    return open;
  }
  const name = vscode.workspace.asRelativePath(uri);
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    if ((stat.type & vscode.FileType.Directory) !== 0) {
      throw new StepwiseError('not-found', t('{0} is a folder. Choose a file.', name));
    }
    if (stat.size > maxFileBytes) {
      throw new StepwiseError('file-too-large', t('{0} is too large to reason about. Open it and select the part that matters.', name));
    }
    if (looksBinary(await vscode.workspace.fs.readFile(uri))) {
      throw new StepwiseError('binary-file', t('{0} is not a text file. Choose a file with code.', name));
    }
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    if (error instanceof StepwiseError) {
      throw error;
    }
    throw new StepwiseError('not-found', t('{0} could not be opened. Check that it exists and can be read.', name), { cause: error });
  }
}

/**
 * The path of a document as tools and people see it: relative to its workspace folder, with the folder's name in
 * front where there are several. A file outside the workspace gives its bare name: where it lies on this machine
 * is nobody's business.
 */
export function pathOfUri(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(fileUri(uri));
  if (folder === undefined) {
    return uri.path.slice(uri.path.lastIndexOf('/') + 1);
  }
  return vscode.workspace.asRelativePath(fileUri(uri), (vscode.workspace.workspaceFolders?.length ?? 0) > 1).replace(/\\/g, '/');
}

/** The file of a notebook's cell; any other URI is itself. */
export function fileUri(uri: vscode.Uri): vscode.Uri {
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document.uri.toString() === uri.toString()))?.uri ?? uri;
}

function linesOfDocument(document: vscode.TextDocument): readonly string[] {
  // The document's own lines: VS Code has made line ends alike already.
  return document.getText().split(/\r\n?|\n/);
}

function wholeRange(lines: readonly string[]): LineRange {
  const endLine = lines.at(-1) === '' && lines.length > 1 ? lines.length - 1 : lines.length;
  return { startLine: 1, endLine };
}

function excerpt(document: vscode.TextDocument, lines: readonly string[], range: LineRange, symbol?: string): CodeExcerpt {
  const text = linesOf(lines, range);
  checkLength(text);
  return {
    uri: document.uri.toString(),
    path: pathOfUri(document.uri),
    languageId: document.languageId,
    text,
    range,
    ...(symbol === undefined ? {} : { symbol }),
  };
}

function fencedExcerpt(document: vscode.TextDocument, lines: readonly string[], { range, languageId }: FencedCode): CodeExcerpt {
  return { ...excerpt(document, lines, range), languageId };
}

/** The name of the function that a range is, or lies in with at least half of its lines. */
function nameOf(functions: readonly NamedRange[], range: LineRange): string | undefined {
  const around = functions.filter((candidate) => candidate.range.endLine >= range.endLine);
  const found = innermost(around, range.startLine);
  return found !== undefined && lineCount(range) * 2 >= lineCount(found.range) ? found.name : undefined;
}

const functionKinds: ReadonlySet<vscode.SymbolKind> = new Set([
  vscode.SymbolKind.Function,
  vscode.SymbolKind.Method,
  vscode.SymbolKind.Constructor,
]);

/** How long a language server may take to list the functions of a file before the syntax tree is asked, in ms. */
const symbolsTimeoutMs = 1_500;

/** Functions by the language server where there is one that knows them, else by the syntax tree. */
async function functionsOf(document: vscode.TextDocument, findFunctions: FunctionFinder): Promise<readonly NamedRange[]> {
  const named: NamedRange[] = [];
  collect(await providedSymbols(document.uri), named);
  return named.length > 0 ? named : findFunctions(document.getText(), document.languageId);
}

/** What language servers say; nothing where none is there, one fails, or it is still starting. */
function providedSymbols(uri: vscode.Uri): Promise<ProvidedSymbols> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), symbolsTimeoutMs);
    const settle = (symbols: ProvidedSymbols | undefined): void => {
      clearTimeout(timer);
      resolve(symbols ?? []);
    };
    vscode.commands.executeCommand<ProvidedSymbols | undefined>('vscode.executeDocumentSymbolProvider', uri).then(settle, () => settle(undefined));
  });
}

type ProvidedSymbols = readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[];

function collect(symbols: ProvidedSymbols, into: NamedRange[]): void {
  for (const symbol of symbols) {
    const range = 'range' in symbol ? symbol.range : symbol.location.range;
    // A language server lists callbacks as well (`map() callback`, `<function>`): a person means the function around.
    if (functionKinds.has(symbol.kind) && !/callback$|^</.test(symbol.name)) {
      // `sort(int[])` keeps the identifier in front only.
      const name = /^[\p{L}_$~][\p{L}\p{N}_$.~:]*/u.exec(symbol.name)?.[0] ?? symbol.name;
      into.push({ name, range: { startLine: range.start.line + 1, endLine: range.end.line + 1 } });
    }
    if ('children' in symbol) {
      collect(symbol.children, into);
    }
  }
}
