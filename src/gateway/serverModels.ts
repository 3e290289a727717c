import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelInfo } from '../core/model';
import { createModel, createModelMemory, defaultGroqModel, listModels } from '../models/index';
import type { ModelSource } from '../models/index';

/** Models as requests name them. */
export interface ModelDirectory {
  models(): Promise<readonly ModelInfo[]>;
  /** The model with that id, or the default one where there is none of that id. Rejects with a `StepwiseError`. */
  model(id: string | undefined): Promise<ChatModel>;
}

/** Where the models come from. */
export interface ModelSetup {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly baseUrl?: string;
  /** Id of the default model. */
  readonly model?: string;
  builtIn(): Promise<ChatModel>;
  /** Told when a server's list of models cannot be had. */
  readonly onProblem: (error: unknown) => void;
}

/** How long a list of models holds, and how long a server may take for it, in ms. */
const listAgeMs = 300_000;
const listTimeoutMs = 10_000;

/** What the built-in model is called on the command line, and in requests beside its own id. */
const builtInId = 'built-in';

/** The server that is set up: the one of `baseUrl`, else Groq where there is a key, else none. */
export function modelSource({ environment, baseUrl }: Pick<ModelSetup, 'environment' | 'baseUrl'>): ModelSource | undefined {
  if (baseUrl !== undefined) {
    // OpenAI's key was meant for OpenAI: another server gets only the key that was set for Stepwise.
    const isOpenAi = new URL(baseUrl).hostname === 'api.openai.com';
    const key = filled(environment['STEPWISE_API_KEY']) ?? (isOpenAi ? filled(environment['OPENAI_API_KEY']) : undefined);
    return { vendor: 'openai-compatible', baseUrl, ...(key === undefined ? {} : { key }) };
  }
  const key = filled(environment['GROQ_API_KEY']);
  return key === undefined ? undefined : { vendor: 'groq', key };
}

/** The models of a setup. Nothing is asked of a server before the first request. */
export function createModelDirectory(setup: ModelSetup): ModelDirectory {
  const memory = createModelMemory();
  const source = modelSource(setup);
  let list: { readonly until: number; readonly models: Promise<readonly ModelInfo[]> } | undefined;

  function listed(): Promise<readonly ModelInfo[]> {
    if (source === undefined) {
      return Promise.resolve([]);
    }
    if (list === undefined || list.until < Date.now()) {
      const models = listModels(source, AbortSignal.timeout(listTimeoutMs)).catch((error: unknown) => {
        setup.onProblem(error);
        list = undefined;
        return [];
      });
      list = { until: Date.now() + listAgeMs, models };
    }
    return list.models;
  }

  async function defaultId(): Promise<string> {
    if (source === undefined) {
      return builtInId;
    }
    const id = setup.model ?? (source.vendor === 'groq' ? defaultGroqModel : (await listed())[0]?.id);
    if (id === undefined) {
      throw new StepwiseError('no-model', t('The server at {0} lists no model. Load one there, or name one with --model.', setup.baseUrl ?? ''));
    }
    return id;
  }

  async function open(id: string): Promise<ChatModel> {
    return id === builtInId || source === undefined ? await setup.builtIn() : createModel({ ...source, id }, { memory });
  }

  return {
    async models() {
      return [...(await listed()), (await setup.builtIn()).info];
    },
    async model(id) {
      const builtIn = await setup.builtIn();
      if (id === builtInId || id === builtIn.info.id || setup.model === builtInId) {
        return builtIn;
      }
      const isKnown = id !== undefined && (id === setup.model || (await listed()).some((model) => model.id === id));
      return await open(isKnown ? id : await defaultId());
    },
  };
}

function filled(value: string | undefined): string | undefined {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed;
}
