import * as vscode from 'vscode';
import { StepwiseError, toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelInfo } from '../core/model';
import type * as modelLibrary from '../models/index';
import type { ModelDependencies, ModelMemory, ModelSource } from '../models/index';
import { languageModel } from './languageModel';
import { modelVendor } from './ids';
import type { Log } from './log';
import type { FoundKey, Keys } from './secrets';
import type { Settings } from './settings';

/** One of Stepwise's own models. */
export interface OfferedModel {
  /** `built-in`, `groq/<model>` or `openai-compatible/<model>`. */
  readonly id: string;
  readonly info: ModelInfo;
  /** A few words beside its name, translated. */
  readonly detail: string;
  /** A sentence about it, translated. */
  readonly tooltip: string;
}

/** The models that can be used now. */
export interface Models {
  /** Stepwise's own models that are set up, the one that the settings name first; asks no server. */
  offered(): Promise<readonly OfferedModel[]>;
  /** One of them by its id. One that cannot be used is a model all the same, whose replies are the error. */
  open(id: string): Promise<ChatModel>;
  /** The model that the settings name, VS Code's own included; as `open` where it cannot be used. */
  chosen(): Promise<ChatModel>;
  /** The name of the model that `chosen` gives; asks no server. */
  nextLabel(): Promise<string | undefined>;
  /** A model that VS Code picked: one of Stepwise's own is used directly, without the way through VS Code. */
  fromVSCode(model: vscode.LanguageModelChat): Promise<ChatModel>;
  /** The models that a server lists now. Rejects with a `StepwiseError`. */
  listed(vendor: 'groq' | 'openai-compatible', signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Fires when keys or settings change what is offered. */
  readonly onDidChange: vscode.Event<void>;
}

/** What the models need of the rest of the extension. */
export interface ModelsParts {
  readonly keys: Keys;
  readonly log: Log;
  settings(): Settings;
  /** The built-in model; loaded when it is first used. */
  builtIn(): Promise<ChatModel>;
  readonly onDidChange: vscode.Event<void>;
}

/** Models of Groq that are offered beside the one in the settings. */
const groqSuggestions = ['openai/gpt-oss-120b', 'openai/gpt-oss-20b'];

/** Longest wait for a server to list its models, in ms. */
const listTimeoutMs = 10_000;

/** The models by settings and keys, which are read anew each time. */
export function createModels(parts: ModelsParts): Models {
  let memory: ModelMemory | undefined;

  async function library(): Promise<typeof modelLibrary> {
    const loaded = await import('../models/index');
    memory ??= loaded.createModelMemory();
    return loaded;
  }

  function dependencies(settings: Settings): ModelDependencies {
    return {
      ...(memory === undefined ? {} : { memory }),
      patience: { longestWaitMs: settings.retryMaxWaitSeconds * 1000, idleMs: settings.stallTimeoutSeconds * 1000 },
    };
  }

  async function source(vendor: 'groq' | 'openai-compatible', settings: Settings): Promise<ModelSource> {
    if (vendor === 'groq') {
      const key = await parts.keys.find('groq');
      if (key === undefined) {
        throw new StepwiseError('no-key', t('There is no API key for Groq. Set one, or choose another model.'), { remedy: 'set-key' });
      }
      return { vendor, key: key.value, ...(settings.groqBaseUrl === '' ? {} : { baseUrl: settings.groqBaseUrl }) };
    }
    if (settings.compatibleBaseUrl === '') {
      throw new StepwiseError(
        'no-model',
        t('No OpenAI-compatible server is set up. Put its base URL into the settings, or choose another model.'),
        { remedy: 'open-settings' },
      );
    }
    const key = await parts.keys.find('openaiCompatible');
    return { vendor, baseUrl: settings.compatibleBaseUrl, ...(key === undefined ? {} : { key: key.value }) };
  }

  async function listed(vendor: 'groq' | 'openai-compatible', signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const { listModels } = await library();
    return listModels(await source(vendor, parts.settings()), signal);
  }

  async function server(vendor: 'groq' | 'openai-compatible', id: string): Promise<ChatModel> {
    const settings = parts.settings();
    const { createModel } = await library();
    const from = await source(vendor, settings);
    if (from.vendor === 'groq') {
      return createModel({ ...from, id }, dependencies(settings));
    }
    const named = id === '' ? (await listed(vendor, AbortSignal.timeout(listTimeoutMs)))[0]?.id : id;
    if (named === undefined) {
      throw new StepwiseError('no-model', t('The server at {0} lists no model. Load one there, or name one in the settings.', from.baseUrl), { remedy: 'open-settings' });
    }
    const known = (await library()).createModel({ ...from, id: named }, dependencies(settings));
    return known.info.contextTokens === undefined
      ? createModel({ ...from, id: named, info: { contextTokens: settings.compatibleContextTokens } }, dependencies(settings))
      : known;
  }

  async function openOrThrow(id: string): Promise<ChatModel> {
    if (id.startsWith('groq/')) {
      return server('groq', id.slice('groq/'.length));
    }
    if (id.startsWith('openai-compatible/')) {
      return server('openai-compatible', id.slice('openai-compatible/'.length));
    }
    return parts.builtIn();
  }

  async function open(id: string): Promise<ChatModel> {
    try {
      return await openOrThrow(id);
    } catch (error) {
      parts.log.warn(`The model ${id} cannot be used.`, error);
      return unavailable(id, toStepwiseError(error));
    }
  }

  async function fromVSCode(model: vscode.LanguageModelChat): Promise<ChatModel> {
    if (model.vendor === modelVendor) {
      return open(model.id);
    }
    const { guardModel } = await library();
    return guardModel(languageModel(model), dependencies(parts.settings()));
  }

  async function offered(): Promise<readonly OfferedModel[]> {
    const settings = parts.settings();
    const key = await parts.keys.find('groq');
    const { knownOf } = await import('../models/catalog');
    const groq = key === undefined ? [] : [...new Set([settings.groqModel, ...groqSuggestions])].map((id) => groqOffer({ id, vendor: 'groq', label: id, ...knownOf('groq', id) }, key));
    const compatible = settings.compatibleBaseUrl === '' ? [] : [compatibleOffer(settings, knownOf('openai-compatible', settings.compatibleModel))];
    const builtIn = [builtInOffer((await parts.builtIn()).info)];
    const order: Record<Settings['model'], readonly OfferedModel[]> = {
      auto: [...groq, ...compatible, ...builtIn],
      vscode: [...groq, ...compatible, ...builtIn],
      groq: [...groq, ...builtIn, ...compatible],
      'openai-compatible': [...compatible, ...builtIn, ...groq],
      'built-in': [...builtIn, ...groq, ...compatible],
    };
    return order[settings.model];
  }

  async function chosenLanguageModel(name: string): Promise<ChatModel> {
    const model = await findLanguageModel(name);
    return model === undefined
      ? unavailable(
          name === '' ? 'vscode' : name,
          new StepwiseError('model-not-found', t('VS Code does not offer the chosen language model now. Choose another model.'), { remedy: 'choose-model' }),
        )
      : fromVSCode(model);
  }

  /** The id of the model that the settings name; undefined for one of VS Code's. */
  async function chosenId(settings: Settings): Promise<string | undefined> {
    switch (settings.model) {
      case 'vscode':
        return undefined;
      case 'built-in':
        return 'built-in';
      case 'groq':
        return `groq/${settings.groqModel}`;
      case 'openai-compatible':
        return `openai-compatible/${settings.compatibleModel}`;
      case 'auto':
        if ((await parts.keys.find('groq')) !== undefined) {
          return `groq/${settings.groqModel}`;
        }
        return settings.compatibleBaseUrl === '' ? 'built-in' : `openai-compatible/${settings.compatibleModel}`;
    }
  }

  return {
    onDidChange: parts.onDidChange,
    listed,
    open,
    offered,
    fromVSCode,
    async chosen() {
      const settings = parts.settings();
      const id = await chosenId(settings);
      return id === undefined ? chosenLanguageModel(settings.vscodeModel) : open(id);
    },
    async nextLabel() {
      const settings = parts.settings();
      const id = await chosenId(settings);
      if (id === undefined) {
        return settings.vscodeModel === '' ? undefined : settings.vscodeModel.slice(settings.vscodeModel.indexOf('/') + 1);
      }
      return (await offered()).find((model) => model.id === id)?.info.label ?? nameOf(id);
    },
  };
}

/** The model's own name in one of our ids. */
function nameOf(id: string): string {
  const name = id.replace(/^(groq|openai-compatible)\//, '');
  return name === '' ? id : name;
}

/** One of VS Code's language models by `vendor/id`; the first that is not Stepwise's own where none is named. */
async function findLanguageModel(name: string): Promise<vscode.LanguageModelChat | undefined> {
  if (name === '') {
    return (await vscode.lm.selectChatModels()).find(({ vendor }) => vendor !== modelVendor);
  }
  const slash = name.indexOf('/');
  return (await vscode.lm.selectChatModels({ vendor: name.slice(0, slash), id: name.slice(slash + 1) }))[0];
}

/** A model that only says why it cannot be used, so that the panel, the note and the chat tell it alike. */
export function unavailable(id: string, error: StepwiseError): ChatModel {
  const vendor = id.startsWith('groq/') ? 'groq' : id.startsWith('openai-compatible') ? 'openai-compatible' : id === 'built-in' ? 'built-in' : 'vscode';
  const name = nameOf(id);
  return {
    info: { id: name, vendor, label: name },
    async *stream() {
      yield await Promise.resolve({ type: 'error' as const, error });
    },
  };
}

function groqOffer(info: ModelInfo, key: FoundKey): OfferedModel {
  const places: Record<FoundKey['source'], string> = {
    storage: t('with the key that you set'),
    environment: t('with the key in GROQ_API_KEY'),
    dotenv: t('with the key in the workspace’s .env file'),
  };
  return { id: `groq/${info.id}`, info, detail: 'Groq', tooltip: t('{0} on Groq, {1}.', info.id, places[key.source]) };
}

function compatibleOffer(settings: Settings, known: Partial<ModelInfo>): OfferedModel {
  const { host } = new URL(settings.compatibleBaseUrl);
  const id = settings.compatibleModel;
  const label = id === '' ? t('First model of {0}', host) : id;
  return {
    id: `openai-compatible/${id}`,
    info: { contextTokens: settings.compatibleContextTokens, ...known, id: id === '' ? 'default' : id, vendor: 'openai-compatible', label },
    detail: host,
    tooltip: t('{0} on the server at {1}.', label, settings.compatibleBaseUrl),
  };
}

function builtInOffer(info: ModelInfo): OfferedModel {
  return {
    id: 'built-in',
    info,
    detail: t('no key, no network'),
    tooltip: t('Stepwise’s own analyzer. It reads the structure of code and its complexity; nothing leaves this machine.'),
  };
}
