import { parseArgs } from 'node:util';
import { t } from '../core/l10n';

/** What the program was asked for. */
export interface ProgramOptions {
  /** As it was written: relative to where the person is. */
  readonly workspace: string;
  readonly port: number;
  /** Id of the model; the best one that is set up if left out. */
  readonly model?: string;
  /** Address of an OpenAI-compatible server. */
  readonly baseUrl?: string;
  /** A file with configured tools. Naming it here is the person's consent to run them. */
  readonly tools?: string;
  readonly allowedOrigins: readonly string[];
  /** Folder for the token and the sessions instead of the user's own. */
  readonly state?: string;
  readonly notes: boolean;
  /** Print the token and end. */
  readonly printToken: boolean;
  readonly help: boolean;
}

/** The port where none is named. */
const defaultPort = 4319;

/** Options from the command line, or a sentence that says what is wrong with them. */
export function readCommandLine(args: readonly string[]): ProgramOptions | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        workspace: { type: 'string', default: '.' },
        port: { type: 'string', default: String(defaultPort) },
        model: { type: 'string' },
        'base-url': { type: 'string' },
        tools: { type: 'string' },
        'allow-origin': { type: 'string', multiple: true, default: [] },
        state: { type: 'string' },
        'no-notes': { type: 'boolean', default: false },
        'print-token': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return t('--port takes a number from 0 to 65535; 0 takes a free port.');
  }
  const baseUrl = values['base-url'];
  if (baseUrl !== undefined && !/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : '')) {
    return t('--base-url takes an address such as http://localhost:11434/v1.');
  }
  const origin = values['allow-origin'].find((each) => !URL.canParse(each) || new URL(each).origin !== each);
  if (origin !== undefined) {
    return t('--allow-origin takes an origin such as https://app.example, not {0}.', origin);
  }
  return {
    workspace: values.workspace,
    port,
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(values.tools === undefined ? {} : { tools: values.tools }),
    allowedOrigins: values['allow-origin'],
    ...(values.state === undefined ? {} : { state: values.state }),
    notes: !values['no-notes'],
    printToken: values['print-token'],
    help: values.help,
  };
}

/** What `--help` prints. */
export function helpText(): string {
  const option = (name: string, text: string): string => `  ${name.padEnd(24)}${text}`;
  return [
    t('The reasoning API of Stepwise: an OpenAI-compatible server on this machine.'),
    '',
    option('--workspace DIR', t('folder that the tools may read (the current one)')),
    option('--port N', t('port on 127.0.0.1; 0 takes a free one ({0})', defaultPort)),
    option('--model ID', t('model for requests that name none, or one that is not there; built-in for the analyzer')),
    option('--base-url URL', t('an OpenAI-compatible server; its key is read from STEPWISE_API_KEY')),
    option('--tools FILE', t('tools of your own as JSON; naming the file means that you agree to run them')),
    option('--allow-origin ORIGIN', t('an origin whose pages may call the API; none by default')),
    option('--no-notes', t('write no notes into the workspace')),
    option('--state DIR', t('where the token and the sessions are kept')),
    option('--print-token', t('print the token and end')),
    '',
    t('With --base-url that server answers, else Groq where GROQ_API_KEY is set, else the built-in analyzer.'),
  ].join('\n');
}
