import type * as vscode from 'vscode';
import type { ProtocolPreference, ReasoningOptions } from '../core/request';
import type { SettingName } from './ids';
import { settingKeys } from './ids';

/** Where the reasoning comes from; `auto` is the best source that is set up. */
export type ModelSource = 'auto' | 'built-in' | 'groq' | 'openai-compatible' | 'vscode';

/** Where runs open: beside the code, or in the side bar. */
export type PanelLocation = 'editor' | 'sideBar';

/** The settings as code uses them: checked, with numbers in range. Times in seconds, as people set them. */
export interface Settings {
  readonly model: ModelSource;
  readonly groqModel: string;
  /** Empty: Groq's own address. */
  readonly groqBaseUrl: string;
  /** Empty: no such server. */
  readonly compatibleBaseUrl: string;
  /** Empty: the first model that the server lists. */
  readonly compatibleModel: string;
  readonly compatibleContextTokens: number;
  /** `vendor/id`, or empty. */
  readonly vscodeModel: string;
  readonly maxIterations: number;
  readonly includeThoughts: boolean;
  readonly systemPrompt: string;
  readonly additionalPrompts: readonly string[];
  readonly protocol: ProtocolPreference;
  readonly temperature: number;
  /** 0: no limit. */
  readonly maxTokensPerRun: number;
  /** 0: what the model allows. */
  readonly maxTokensPerTurn: number;
  readonly timeLimitSeconds: number;
  readonly retryMaxWaitSeconds: number;
  readonly stallTimeoutSeconds: number;
  readonly notesEnabled: boolean;
  /** Relative to a workspace folder, with `/`, without `..`. */
  readonly notesLocation: string;
  /** Regular expressions for what notes leave out, besides the well-known forms of keys. */
  readonly redactPatterns: readonly string[];
  /** Globs of files that no tool reads, besides the well-known ones. */
  readonly secretPatterns: readonly string[];
  readonly externalTools: readonly string[];
  readonly panelLocation: PanelLocation;
  /** Complexity above each function. */
  readonly complexityLens: boolean;
  /** What notes found, above the code that they are about. */
  readonly noteLens: boolean;
  /** 0: a free one. */
  readonly gatewayPort: number;
  readonly gatewayAllowedOrigins: readonly string[];
  /** Configured tools as they were written; checked where they are used. */
  readonly gatewayTools: readonly unknown[];
}

/** What each setting is when nobody set it, or set something that it cannot be. Same as in package.json. */
export const settingDefaults: Settings = {
  model: 'auto',
  groqModel: 'openai/gpt-oss-120b',
  groqBaseUrl: '',
  compatibleBaseUrl: '',
  compatibleModel: '',
  compatibleContextTokens: 32_768,
  vscodeModel: '',
  maxIterations: 5,
  includeThoughts: true,
  systemPrompt: '',
  additionalPrompts: [],
  protocol: 'auto',
  temperature: 0,
  maxTokensPerRun: 0,
  maxTokensPerTurn: 0,
  timeLimitSeconds: 300,
  retryMaxWaitSeconds: 60,
  stallTimeoutSeconds: 30,
  notesEnabled: true,
  notesLocation: '.reasoning',
  redactPatterns: [],
  secretPatterns: [],
  externalTools: [],
  panelLocation: 'editor',
  complexityLens: false,
  noteLens: true,
  gatewayPort: 4319,
  gatewayAllowedOrigins: [],
  gatewayTools: [],
};

const sources: readonly ModelSource[] = ['auto', 'built-in', 'groq', 'openai-compatible', 'vscode'];
const protocols: readonly ProtocolPreference[] = ['auto', 'xml', 'json-steps', 'native'];

/**
 * The settings of a configuration (the section `stepwise`). A value of the wrong kind counts as not set, a number
 * out of range is moved into it: a typing mistake in settings.json never stops a run.
 */
export function readSettings(configuration: Pick<vscode.WorkspaceConfiguration, 'get'>): Settings {
  const raw = (name: SettingName): unknown => configuration.get<unknown>(settingKeys[name]);
  const text = (name: StringSetting): string => {
    const value = raw(name);
    return typeof value === 'string' ? value.trim() : settingDefaults[name];
  };
  const number = (name: NumberSetting, least: number, most: number, whole = true): number => {
    const value = raw(name);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return settingDefaults[name];
    }
    const inRange = Math.min(most, Math.max(least, value));
    return whole ? Math.round(inRange) : inRange;
  };
  const flag = (name: 'includeThoughts' | 'notesEnabled' | 'complexityLens' | 'noteLens'): boolean => {
    const value = raw(name);
    return typeof value === 'boolean' ? value : settingDefaults[name];
  };
  const list = (name: 'gatewayAllowedOrigins' | 'additionalPrompts' | 'redactPatterns' | 'secretPatterns' | 'externalTools'): readonly string[] => {
    const value = raw(name);
    return Array.isArray(value)
      ? value.filter((item): item is string => typeof item === 'string' && item.trim() !== '')
      : settingDefaults[name];
  };
  return {
    model: oneOf(sources, raw('model'), settingDefaults.model),
    groqModel: text('groqModel') || settingDefaults.groqModel,
    groqBaseUrl: httpUrl(text('groqBaseUrl')),
    compatibleBaseUrl: httpUrl(text('compatibleBaseUrl')),
    compatibleModel: text('compatibleModel'),
    compatibleContextTokens: number('compatibleContextTokens', 1024, 10_000_000),
    vscodeModel: text('vscodeModel'),
    maxIterations: number('maxIterations', 1, 25),
    includeThoughts: flag('includeThoughts'),
    systemPrompt: text('systemPrompt'),
    additionalPrompts: list('additionalPrompts'),
    protocol: oneOf(protocols, raw('protocol'), settingDefaults.protocol),
    temperature: number('temperature', 0, 2, false),
    maxTokensPerRun: number('maxTokensPerRun', 0, Number.MAX_SAFE_INTEGER),
    maxTokensPerTurn: number('maxTokensPerTurn', 0, Number.MAX_SAFE_INTEGER),
    timeLimitSeconds: number('timeLimitSeconds', 10, 3600),
    retryMaxWaitSeconds: number('retryMaxWaitSeconds', 1, 600),
    stallTimeoutSeconds: number('stallTimeoutSeconds', 5, 600),
    notesEnabled: flag('notesEnabled'),
    notesLocation: folderInside(text('notesLocation')) ?? settingDefaults.notesLocation,
    redactPatterns: list('redactPatterns'),
    secretPatterns: list('secretPatterns'),
    externalTools: list('externalTools'),
    panelLocation: oneOf(['editor', 'sideBar'] as const, raw('panelLocation'), settingDefaults.panelLocation),
    complexityLens: flag('complexityLens'),
    noteLens: flag('noteLens'),
    gatewayPort: number('gatewayPort', 0, 65_535),
    gatewayAllowedOrigins: list('gatewayAllowedOrigins').filter((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    gatewayTools: anyList(raw('gatewayTools')),
  };
}

type StringSetting =
  | 'groqModel'
  | 'groqBaseUrl'
  | 'compatibleBaseUrl'
  | 'compatibleModel'
  | 'vscodeModel'
  | 'systemPrompt'
  | 'notesLocation';

type NumberSetting =
  | 'gatewayPort'
  | 'compatibleContextTokens'
  | 'maxIterations'
  | 'temperature'
  | 'maxTokensPerRun'
  | 'maxTokensPerTurn'
  | 'timeLimitSeconds'
  | 'retryMaxWaitSeconds'
  | 'stallTimeoutSeconds';

/** The options of a run that settings decide. */
export function reasoningOptions(settings: Settings): ReasoningOptions {
  return {
    maxIterations: settings.maxIterations,
    includeThoughts: settings.includeThoughts,
    protocol: settings.protocol,
    temperature: settings.temperature,
    timeLimitMs: settings.timeLimitSeconds * 1000,
    ...(settings.systemPrompt === '' ? {} : { systemPrompt: settings.systemPrompt }),
    ...(settings.additionalPrompts.length === 0 ? {} : { additionalPrompts: settings.additionalPrompts }),
    ...(settings.maxTokensPerRun === 0 ? {} : { maxTokensPerRun: settings.maxTokensPerRun }),
    ...(settings.maxTokensPerTurn === 0 ? {} : { maxTokensPerTurn: settings.maxTokensPerTurn }),
  };
}

/**
 * A folder inside a workspace folder, with `/`, or undefined for one that is absolute, empty or leads out of it.
 * `.` alone is the workspace folder itself and is refused too: notes among the sources would be a surprise.
 */
export function folderInside(folder: string): string | undefined {
  const parts = folder.replace(/\\/g, '/').split('/').filter((part) => part !== '' && part !== '.');
  const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(folder);
  return isAbsolute || parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}

/** `url` without a slash at its end where it is http or https, else empty. */
function httpUrl(url: string): string {
  if (!URL.canParse(url)) {
    return '';
  }
  const { protocol } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? url.replace(/\/+$/, '') : '';
}

function oneOf<Value>(values: readonly Value[], value: unknown, fallback: Value): Value {
  return values.find((candidate) => candidate === value) ?? fallback;
}

function anyList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
