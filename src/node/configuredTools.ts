import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Tool, ToolArguments, ToolResult } from '../core/tool';
import { truncate } from '../core/text';

const common = {
  name: z.string().regex(/^\w{1,64}$/, 'letters, digits and underscores only'),
  description: z.string().min(1),
  /** A JSON Schema of an object. */
  parameters: z.record(z.string(), z.json()),
  /** True where a call changes nothing: equal calls of a run are then made once. */
  readOnly: z.boolean().default(false),
  timeoutMs: z.number().int().min(1).max(600_000).default(30_000),
};

const commandTool = z.strictObject({
  ...common,
  /** Program and fixed arguments; no shell reads them. The call's arguments arrive as JSON on standard input. */
  command: z.array(z.string()).min(1),
  cwd: z.string().optional(),
});

const httpTool = z.strictObject({
  ...common,
  /** The call's arguments are posted here as JSON. */
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
});

/** Tools that a person configured: each is a command or an HTTP endpoint, with a schema of its own. */
export const configuredTools = z.array(z.union([commandTool, httpTool]));

export type ConfiguredTool = z.infer<typeof configuredTools>[number];

/** Longest result, in characters. */
const resultLimit = 20_000;

/** Variables with keys of model servers. */
const modelKeys = ['GROQ_API_KEY', 'STEPWISE_API_KEY'];

/** Reads a configuration. Throws `bad-arguments` with the first place that does not fit. */
export function readConfiguredTools(value: unknown): readonly ConfiguredTool[] {
  const result = configuredTools.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const issue = result.error.issues[0];
  throw new StepwiseError(
    'bad-arguments',
    t('The configured tools cannot be read: {0}: {1}. Correct the configuration.', issue?.path.join('.') ?? '', issue?.message ?? ''),
    { cause: result.error },
  );
}

/** Tells definitions apart: what a person agreed to is this very one, and any change asks again. */
export function toolFingerprint(configuration: ConfiguredTool): string {
  return createHash('sha256').update(JSON.stringify(configuration)).digest('hex');
}

/** What a tool runs, in one line, for whoever is asked to agree to it. */
export function toolTarget(configuration: ConfiguredTool): string {
  return 'command' in configuration ? configuration.command.map((part) => (/^[\w./:@=-]+$/.test(part) ? part : JSON.stringify(part))).join(' ') : configuration.url;
}

/** A configured tool as runs use it. `defaultFolder` is where commands run that name no folder. */
export function createConfiguredTool(configuration: ConfiguredTool, defaultFolder: string): Tool {
  const { name, description, parameters, readOnly, timeoutMs } = configuration;
  const call = (args: ToolArguments, signal: AbortSignal): Promise<ToolResult> =>
    'command' in configuration ? runCommand(configuration, args, signal, defaultFolder) : postArguments(configuration, args, signal);
  return {
    name,
    description,
    parameters,
    readOnly,
    describe: () => t('Running {0}', name),
    run: async (args, signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await call(args, limited);
      } catch (error) {
        if (signal.aborted) {
          throw error;
        }
        const reason = limited.aborted ? `no result within ${String(timeoutMs)} ms` : error instanceof Error ? error.message : String(error);
        return { text: `${name} failed: ${reason}.`, isError: true };
      }
    },
  };
}

function runCommand(
  { command, cwd }: z.infer<typeof commandTool>,
  args: ToolArguments,
  signal: AbortSignal,
  defaultFolder: string,
): Promise<ToolResult> {
  const [program = '', ...fixed] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, fixed, {
      cwd: path.resolve(defaultFolder, cwd ?? '.'),
      env: environment(),
      signal,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, resultLimit + 1);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve({ text: truncate(output, resultLimit) });
      } else {
        resolve({ text: `Ended with ${String(code)}. ${errors === '' ? output : errors}`.trim(), isError: true });
      }
    });
    // A program that does not read its input closes the pipe: that is no failure of the call.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(args));
  });
}

async function postArguments(
  { url, headers }: z.infer<typeof httpTool>,
  args: ToolArguments,
  signal: AbortSignal,
): Promise<ToolResult> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(args),
    signal,
    // A redirect would send the arguments where nobody agreed to send them.
    redirect: 'error',
  });
  const text = truncate(await beginningOf(response), resultLimit);
  return response.ok ? { text } : { text: `HTTP ${String(response.status)}. ${text}`, isError: true };
}

/** The environment without the keys of model servers, which are no tool's business. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !modelKeys.includes(name)));
}

/** The text of a response, as far as it can become a result; what comes after that is not waited for. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > resultLimit) {
      break;
    }
  }
  return text + decoder.decode();
}
