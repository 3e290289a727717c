import { t } from '../core/l10n';
import type { Tool } from '../core/tool';
import { textArgument } from './argumentValues';
import { countOf, joinLines } from './observation';
import { failureOf } from './toolFailure';
import type { WorkspacePort } from './workspace';

/** Most paths of one call. */
const maxFiles = 300;

/** Name of the tool. */
export const listFilesName = 'list_files';

/** The paths that an observation of the tool lists; what it says besides is not among them. */
export function listedPaths(observation: string): readonly string[] {
  const [head = '', ...lines] = observation.split('\n');
  return head.endsWith(':') ? lines.filter((line) => line !== '' && !/^… \[\d+ more lines/.test(line)) : [];
}

/** Lists files by glob. */
export function createListFilesTool(workspace: WorkspacePort): Tool {
  return {
    name: listFilesName,
    description:
      'List files of the workspace whose path matches a glob, in order. Files that .gitignore or .ignore name, packages and caches are left out. ' +
      `Gives at most ${String(maxFiles)} paths.`,
    parameters: {
      type: 'object',
      properties: {
        glob: {
          type: 'string',
          description: 'Such as "src/**/*.ts" or "*.py" (at any depth) or "{lib,test}/**". All files if left out.',
        },
      },
    },
    readOnly: true,
    describe(args) {
      const glob = textArgument(args, 'glob');
      return glob === undefined ? t('Listing files') : t('Listing files that match {0}', glob);
    },
    async run(args, signal) {
      const glob = textArgument(args, 'glob');
      try {
        const { paths, truncated } = await workspace.listFiles({ ...(glob === undefined ? {} : { glob }), maxResults: maxFiles }, signal);
        const what = glob === undefined ? '' : ` that match ${JSON.stringify(glob)}`;
        if (paths.length === 0) {
          return { text: `No files${what}. Try a wider glob, such as "**/*name*", or leave it out to see what there is.` };
        }
        const head = truncated ? `The first ${countOf(paths.length, 'file')}${what} (there are more; narrow the glob):` : `${countOf(paths.length, 'file')}${what}:`;
        return { text: `${head}\n${joinLines(paths, 'narrow the glob')}` };
      } catch (error) {
        return failureOf(error, glob ?? '');
      }
    },
  };
}
