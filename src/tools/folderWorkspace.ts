import { StepwiseError, isStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { normalizeNewlines } from '../core/text';
import { knownSymbols, referencesBySyntax, syntaxDiagnostics } from './codeKnowledge';
import { decodeText, maxFileBytes } from './decode';
import type { FolderFiles } from './folderFiles';
import { globMatcher } from './globs';
import { languageIdOf } from './languageIds';
import type { CheckedPath } from './paths';
import { checkPath, notFound, toolPath } from './paths';
import type { SecretPolicy } from './secrets';
import { secretPolicyOf } from './secrets';
import type { LineMatch, RunBounded } from './textSearch';
import { clipLine, compilePattern, matchLines } from './textSearch';
import { walkFiles } from './walk';
import type {
  CodeDiagnostic,
  DiagnosticList,
  FileList,
  FileQuery,
  Reference,
  ReferenceList,
  ReferenceQuery,
  SymbolList,
  TextFile,
  TextMatch,
  TextMatches,
  TextQuery,
  WorkspacePort,
} from './workspace';

/** A workspace folder with its files. */
export interface WorkspaceFolder {
  /** As paths begin with it where there are several folders. */
  readonly name: string;
  readonly files: FolderFiles;
}

/** Where a symbol is used, without the text there. */
export type ReferencePlace = Omit<Reference, 'text'>;

export type ReferencePlaces = Omit<ReferenceList, 'references'> & { readonly references: readonly ReferencePlace[] };

/**
 * Knows more of code than its syntax: the language servers of an editor. Each method gives undefined where nobody
 * answers for that file.
 */
export interface CodeKnowledge {
  documentSymbols(path: CheckedPath, signal: AbortSignal): Promise<SymbolList | undefined>;
  findReferences(query: ReferenceQuery, path: CheckedPath, signal: AbortSignal): Promise<ReferencePlaces | undefined>;
  diagnostics(path: CheckedPath | undefined, signal: AbortSignal): Promise<readonly CodeDiagnostic[] | undefined>;
}

export interface FolderWorkspaceOptions {
  /** Asked at each call, so that folders may come and go. */
  readonly folders: () => readonly WorkspaceFolder[];
  /** Further globs of files that hold secrets. Asked at each call. */
  readonly secretPatterns?: () => readonly string[];
  readonly runBounded?: RunBounded;
  readonly knowledge?: CodeKnowledge;
}

/** Longest time that matching one file may take, in ms. */
const matchLimitMs = 250;
/** Most files that are searched without a search program. */
const maxSearchedFiles = 20_000;
/** Largest file that is searched without a search program, in bytes. */
const maxSearchedBytes = 2_000_000;
/** Most diagnostics of one answer. */
const maxDiagnostics = 500;

/** A workspace of folders whose files can be read: the one place where paths are checked, whatever lies below. */
export function createFolderWorkspace(options: FolderWorkspaceOptions): WorkspacePort {
  return new FolderWorkspace(options);
}

class FolderWorkspace implements WorkspacePort {
  readonly #options: FolderWorkspaceOptions;
  readonly #secrets: () => SecretPolicy;

  constructor(options: FolderWorkspaceOptions) {
    this.#options = options;
    this.#secrets = secretPolicyOf(options.secretPatterns);
  }

  folders(): readonly string[] {
    return this.#options.folders().map((folder) => folder.name);
  }

  async readText(path: string, signal: AbortSignal): Promise<TextFile> {
    return await this.#readChecked(this.#check(path), maxFileBytes, signal);
  }

  async listFiles(query: FileQuery, signal: AbortSignal): Promise<FileList> {
    const matches = globMatcher(query.glob);
    const paths: string[] = [];
    for await (const { path, relative } of this.#walk(signal)) {
      if (!matches(relative) && !matches(path)) {
        continue;
      }
      if (paths.length === query.maxResults) {
        return { paths, truncated: true };
      }
      paths.push(path);
    }
    throwIfAborted(signal);
    return { paths, truncated: false };
  }

  async searchText(query: TextQuery, signal: AbortSignal): Promise<TextMatches> {
    const pattern = compilePattern(query);
    const matches: TextMatch[] = [];
    for await (const match of this.#matches(query, pattern, signal)) {
      if (matches.length === query.maxResults) {
        return { matches, truncated: true };
      }
      matches.push(match);
    }
    throwIfAborted(signal);
    return { matches, truncated: false };
  }

  async documentSymbols(path: string, signal: AbortSignal): Promise<SymbolList> {
    const checked = this.#check(path);
    const file = await this.#readChecked(checked, maxFileBytes, signal);
    const known = await this.#options.knowledge?.documentSymbols(checked, signal);
    return known !== undefined && known.symbols.length > 0 ? known : await knownSymbols(file);
  }

  async findReferences(query: ReferenceQuery, signal: AbortSignal): Promise<ReferenceList> {
    if (query.path !== undefined) {
      const checked = this.#check(query.path);
      await this.#readChecked(checked, maxFileBytes, signal);
      const known = await this.#options.knowledge?.findReferences(query, checked, signal);
      const references = known === undefined ? [] : await this.#withText(known.references, signal);
      if (known !== undefined && references.length > 0) {
        return { ...known, references };
      }
    }
    return await referencesBySyntax(this, query, signal);
  }

  async diagnostics(path: string | undefined, signal: AbortSignal): Promise<DiagnosticList> {
    const checked = path === undefined ? undefined : this.#check(path);
    const known = await this.#options.knowledge?.diagnostics(checked, signal);
    if (known !== undefined && (known.length > 0 || checked === undefined)) {
      const readable = known.filter((diagnostic) => this.#isReadable(diagnostic.path));
      return { diagnostics: readable.slice(0, maxDiagnostics), truncated: readable.length > maxDiagnostics, knowledge: 'language-server' };
    }
    if (checked === undefined) {
      throw new StepwiseError('bad-arguments', t('Name a file: without a language server its syntax can be checked, but not all files at once.'));
    }
    const found = await syntaxDiagnostics(await this.#readChecked(checked, maxFileBytes, signal));
    // A language server that has nothing to report looks like none: what was checked is told by the syntax alone.
    return { diagnostics: found.slice(0, maxDiagnostics), truncated: found.length > maxDiagnostics, knowledge: 'syntax' };
  }

  /** Places with the text of their lines; those in files that may not be read are left out. */
  async #withText(places: readonly ReferencePlace[], signal: AbortSignal): Promise<readonly Reference[]> {
    const linesByPath = new Map<string, readonly string[] | undefined>();
    for (const { path } of places) {
      if (!linesByPath.has(path)) {
        linesByPath.set(path, await this.#linesOf(path, signal));
      }
    }
    return places.flatMap((place) => {
      const text = linesByPath.get(place.path)?.[place.line - 1];
      return text === undefined ? [] : [{ ...place, text: clipLine(text, place.column) }];
    });
  }

  async #linesOf(path: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    try {
      return (await this.#readChecked(this.#check(path), maxFileBytes, signal)).text.split('\n');
    } catch (error) {
      if (isStepwiseError(error) && error.code !== 'cancelled') {
        return undefined;
      }
      throw error;
    }
  }

  #check(path: string): CheckedPath {
    return checkPath(path, this.folders(), this.#secrets());
  }

  #isReadable(path: string): boolean {
    try {
      this.#check(path);
      return true;
    } catch {
      return false;
    }
  }

  async #readChecked(checked: CheckedPath, maxBytes: number, signal: AbortSignal): Promise<TextFile> {
    throwIfAborted(signal);
    const folder = this.#options.folders()[checked.folder];
    if (folder === undefined || checked.relative === '') {
      throw notFound(checked.path);
    }
    const content = await folder.files.read(checked.relative, maxBytes, signal);
    throwIfAborted(signal);
    if ('text' in content) {
      const languageId = content.languageId ?? languageIdOf(checked.relative);
      return { path: checked.path, text: normalizeNewlines(content.text), languageId, unsaved: content.unsaved };
    }
    const text = decodeText(content.bytes);
    if (text === undefined) {
      throw new StepwiseError('binary-file', t('{0} is not a text file. Choose a file with code.', checked.path));
    }
    return { path: checked.path, text, languageId: languageIdOf(checked.relative), unsaved: false };
  }

  async *#walk(signal: AbortSignal): AsyncGenerator<CheckedPath, void, undefined> {
    const folders = this.#options.folders();
    const names = folders.map((folder) => folder.name);
    if (folders.length === 0) {
      throw new StepwiseError('no-workspace', t('No folder is open. Open a folder first.'), { remedy: 'open-folder' });
    }
    const policy = this.#secrets();
    for (const [index, folder] of folders.entries()) {
      for await (const relative of walkFiles(folder.files, (path) => policy.isSecret(path), signal)) {
        yield { folder: index, relative, path: toolPath(names, index, relative) };
      }
    }
  }

  async *#matches(query: TextQuery, pattern: RegExp, signal: AbortSignal): AsyncGenerator<TextMatch, void, undefined> {
    const folders = this.#options.folders();
    const names = folders.map((folder) => folder.name);
    if (folders.length === 0) {
      throw new StepwiseError('no-workspace', t('No folder is open. Open a folder first.'), { remedy: 'open-folder' });
    }
    const policy = this.#secrets();
    const included = globMatcher(query.include);
    for (const [index, folder] of folders.entries()) {
      const accepts = (path: string): boolean =>
        !policy.isSecret(path) && (included(path) || included(toolPath(names, index, path)));
      for await (const match of this.#matchesIn(folder.files, query, pattern, accepts, signal)) {
        yield { ...match, path: toolPath(names, index, match.path) };
      }
    }
  }

  async *#matchesIn(
    files: FolderFiles,
    query: TextQuery,
    pattern: RegExp,
    accepts: (path: string) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<TextMatch, void, undefined> {
    const unsaved = (files.unsavedPaths?.() ?? []).filter(accepts);
    const found = await files.search?.(query, (path) => accepts(path) && !unsaved.includes(path), signal);
    if (found === undefined) {
      yield* this.#matchesByReading(files, walkFiles(files, (path) => this.#secrets().isSecret(path), signal), query, pattern, accepts, signal);
      return;
    }
    yield* this.#matchesByReading(files, unsaved, query, pattern, accepts, signal);
    yield* found;
  }

  async *#matchesByReading(
    files: FolderFiles,
    paths: AsyncIterable<string> | Iterable<string>,
    query: TextQuery,
    pattern: RegExp,
    accepts: (path: string) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<TextMatch, void, undefined> {
    let searched = 0;
    for await (const path of paths) {
      if (signal.aborted || searched === maxSearchedFiles) {
        return;
      }
      if (!accepts(path)) {
        continue;
      }
      searched += 1;
      const text = await readForSearch(files, path, signal);
      if (text === undefined) {
        continue;
      }
      const work = (): readonly LineMatch[] => matchLines(text, pattern, query.maxResults + 1);
      for (const match of query.isRegex ? this.#bounded(work) : work()) {
        yield { path, ...match };
      }
    }
  }

  #bounded<Value>(work: () => Value): Value {
    const { runBounded } = this.#options;
    if (runBounded === undefined) {
      return work();
    }
    try {
      return runBounded(work, matchLimitMs);
    } catch (error) {
      throw new StepwiseError('bad-arguments', t('The regular expression takes too long. Write a simpler one.'), { cause: error });
    }
  }
}

/** The text of a file that can be searched; undefined for any other. */
async function readForSearch(files: FolderFiles, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const content = await files.read(path, maxSearchedBytes, signal);
    return 'text' in content ? normalizeNewlines(content.text) : decodeText(content.bytes);
  } catch (error) {
    if (isStepwiseError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Throws `cancelled` once `signal` is aborted. */
function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new StepwiseError('cancelled', t('Cancelled.'));
  }
}
