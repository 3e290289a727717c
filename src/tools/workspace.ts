import type { OutlineKind } from '../analysis/outline/outline';
import type { LineRange } from '../core/request';

/**
 * The workspace as tools see it. Paths are relative to their workspace folder, with `/`; where there are several
 * folders, the folder's name comes first (`server/src/app.ts`). Lines and columns are 1-based, columns in UTF-16
 * units. Every implementation keeps within the folders and away from files that hold secrets (`paths.ts`).
 *
 * Methods reject with a `StepwiseError`: `no-workspace`, `not-found`, `outside-workspace`, `secret-file`,
 * `binary-file`, `file-too-large`, `bad-arguments` (a glob or regular expression that cannot be read), or
 * `cancelled` once `signal` is aborted.
 */
export interface WorkspacePort {
  /** Names of the workspace folders, as they stand in front of paths. Empty without a workspace. */
  folders(): readonly string[];
  /** A file as text; the unsaved text where it is open in an editor. */
  readText(path: string, signal: AbortSignal): Promise<TextFile>;
  /** Files by glob, in the order of their paths, without ignored files and secrets. */
  listFiles(query: FileQuery, signal: AbortSignal): Promise<FileList>;
  /** Lines that match a text or a regular expression, without ignored files and secrets. */
  searchText(query: TextQuery, signal: AbortSignal): Promise<TextMatches>;
  /** Classes, functions and so on of a file, nested, in order of appearance. */
  documentSymbols(path: string, signal: AbortSignal): Promise<SymbolList>;
  /** Where a symbol is used and defined. */
  findReferences(query: ReferenceQuery, signal: AbortSignal): Promise<ReferenceList>;
  /** Errors and warnings of one file, or of all files where `path` is undefined. */
  diagnostics(path: string | undefined, signal: AbortSignal): Promise<DiagnosticList>;
}

/** Where knowledge of code comes from: a language server, the syntax tree alone, or text search alone. */
export type Knowledge = 'language-server' | 'syntax' | 'text';

export interface TextFile {
  /** The path in its normal form. */
  readonly path: string;
  /** With `\n` as the only line end. */
  readonly text: string;
  /** VS Code's language id, `plaintext` where unknown. */
  readonly languageId: string;
  /** True where the text is newer than the file on disk. */
  readonly unsaved: boolean;
}

export interface FileQuery {
  /**
   * Glob over the path; without a `/` it is matched against the file's name at any depth. All files if left out.
   */
  readonly glob?: string;
  readonly maxResults: number;
}

export interface FileList {
  readonly paths: readonly string[];
  /** True where there may be more. */
  readonly truncated: boolean;
}

export interface TextQuery {
  readonly pattern: string;
  /** Whether `pattern` is a regular expression; it is matched within one line. */
  readonly isRegex: boolean;
  readonly caseSensitive: boolean;
  /** Only whole words. */
  readonly wholeWord?: boolean;
  /** Glob of the files to search, as in `FileQuery`. */
  readonly include?: string;
  readonly maxResults: number;
}

export interface TextMatch {
  readonly path: string;
  readonly line: number;
  /** Column of the first match in the line. */
  readonly column: number;
  /** The line without its end, cut where it is very long. */
  readonly text: string;
}

export interface TextMatches {
  /** In the order of paths and lines. */
  readonly matches: readonly TextMatch[];
  readonly truncated: boolean;
}

/** What a language server tells apart beyond what the syntax shows. */
export type SymbolKind = OutlineKind | 'module' | 'property' | 'variable' | 'constant' | 'other';

export interface CodeSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The whole of it, its body included. */
  readonly range: LineRange;
  readonly children: readonly CodeSymbol[];
}

export interface SymbolList {
  readonly symbols: readonly CodeSymbol[];
  readonly knowledge: Knowledge;
}

export interface ReferenceQuery {
  /** The name of the symbol. */
  readonly symbol: string;
  /** A file in which it stands, and a line there, to tell it from others of the same name. */
  readonly path?: string;
  readonly line?: number;
  readonly maxResults: number;
}

export interface Reference {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** True for the place where it is defined, where that is known. */
  readonly isDefinition: boolean;
}

export interface ReferenceList {
  readonly references: readonly Reference[];
  readonly truncated: boolean;
  readonly knowledge: Knowledge;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface CodeDiagnostic {
  readonly path: string;
  readonly range: LineRange;
  readonly column: number;
  readonly severity: Severity;
  readonly message: string;
  /** Who says so: `ts`, `eslint`, `syntax`. */
  readonly source?: string;
}

export interface DiagnosticList {
  readonly diagnostics: readonly CodeDiagnostic[];
  readonly truncated: boolean;
  /** `syntax` where only the parser was asked, which sees syntax errors alone. */
  readonly knowledge: Knowledge;
}
