import * as vscode from 'vscode';
import { toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelInfo } from '../core/model';
import { commandIds, modelVendor, settingKeys, settingsSection } from './ids';
import type { SettingName } from './ids';
import type { Log } from './log';
import type { Models } from './models';
import type { Keys } from './secrets';
import type { Settings } from './settings';

/** What choosing a model needs. */
export interface ChoiceParts {
  readonly models: Models;
  readonly keys: Keys;
  readonly log: Log;
  settings(): Settings;
}

interface ModelItem extends vscode.QuickPickItem {
  /** Undefined for separators. */
  readonly choose?: () => Promise<void>;
}

/** Longest wait for the servers' lists before the pick is shown without them, in ms. */
const listTimeoutMs = 5_000;

/** Lets the person choose where the reasoning comes from, and puts it into the user's settings. */
export async function chooseModel(parts: ChoiceParts): Promise<void> {
  const pick = vscode.window.createQuickPick<ModelItem>();
  const cancellation = new AbortController();
  pick.title = t('Choose the model that reasons');
  pick.placeholder = t('Code goes only to the model that you choose here');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  const chosen = new Promise<ModelItem | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  const signal = AbortSignal.any([cancellation.signal, AbortSignal.timeout(listTimeoutMs)]);
  try {
    pick.items = await modelItems(parts, signal);
    pick.busy = false;
    await (await chosen)?.choose?.();
  } finally {
    cancellation.abort();
    pick.dispose();
  }
}

/** Lets the person pick one of the models that are set up, for one run; undefined when they turn away. */
export async function pickModel(models: Models): Promise<ChatModel | undefined> {
  const [own, all] = await Promise.all([models.offered(), vscode.lm.selectChatModels()]);
  const items = [
    ...own.map((offered) => ({ label: offered.info.label, description: offered.detail, open: () => models.open(offered.id) })),
    ...all.filter(({ vendor }) => vendor !== modelVendor).map((model) => ({ label: model.name, description: model.vendor, open: () => models.fromVSCode(model) })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: t('Go on with which model?') });
  return picked?.open();
}

async function modelItems(parts: ChoiceParts, signal: AbortSignal): Promise<readonly ModelItem[]> {
  const settings = parts.settings();
  const [groqKey, languageModels] = await Promise.all([parts.keys.find('groq'), vscode.lm.selectChatModels()]);
  const [groq, compatible] = await Promise.all([
    groqKey === undefined ? undefined : listed(parts, 'groq', signal),
    settings.compatibleBaseUrl === '' ? undefined : listed(parts, 'openai-compatible', signal),
  ]);
  const foreign = languageModels.filter(({ vendor }) => vendor !== modelVendor);
  const current = currentName(settings);
  const mark = (item: ModelItem, name: string): ModelItem => (name === current ? { ...item, description: `${item.description ?? ''} $(check)`.trim() } : item);
  const separator = (label: string): ModelItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    mark({ label: t('$(sparkle) Best available'), detail: t('Groq where there is a key, else your OpenAI-compatible server, else the built-in analyzer'), choose: () => save({ model: 'auto' }) }, 'auto'),
    mark({ label: t('$(chip) Built-in analyzer'), detail: t('No key, no network: nothing leaves this machine'), choose: () => save({ model: 'built-in' }) }, 'built-in'),
    separator('Groq'),
    ...(groq ?? []).map((info) => mark({ label: info.id, description: limitsOf(info), choose: () => save({ model: 'groq', groqModel: info.id }) }, `groq/${info.id}`)),
    { label: groqKey === undefined ? t('$(key) Set Groq API key…') : t('$(key) Change Groq API key…'), choose: () => run(commandIds.setGroqKey) },
    separator(t('OpenAI-compatible server')),
    ...(compatible ?? []).map((info) => mark({ label: info.id, description: limitsOf(info), choose: () => save({ model: 'openai-compatible', compatibleModel: info.id }) }, `openai-compatible/${info.id}`)),
    { label: settings.compatibleBaseUrl === '' ? t('$(server) Set up a server, such as Ollama…') : t('$(server) Change server…'), description: settings.compatibleBaseUrl, choose: () => setUpServer(parts) },
    ...(foreign.length === 0 ? [] : [separator(t('Language models of VS Code'))]),
    ...foreign.map((model) => mark({ label: model.name, description: model.vendor, choose: () => save({ model: 'vscode', vscodeModel: `${model.vendor}/${model.id}` }) }, `vscode/${model.vendor}/${model.id}`)),
  ];
}

/** What a server lists; where it cannot be reached, what the settings name, so that the pick is never empty. */
async function listed(parts: ChoiceParts, vendor: 'groq' | 'openai-compatible', signal: AbortSignal): Promise<readonly ModelInfo[]> {
  try {
    return await parts.models.listed(vendor, signal);
  } catch (error) {
    parts.log.warn(`The models of ${vendor} could not be listed.`, error);
    void vscode.window.showWarningMessage(toStepwiseError(error).message);
    const settings = parts.settings();
    const id = vendor === 'groq' ? settings.groqModel : settings.compatibleModel;
    return id === '' ? [] : [{ id, vendor, label: id }];
  }
}

/** Asks for the base URL of a server, then lets the person choose among its models. */
async function setUpServer(parts: ChoiceParts): Promise<void> {
  const settings = parts.settings();
  const url = await vscode.window.showInputBox({
    title: t('Base URL of an OpenAI-compatible server'),
    prompt: t('Ollama: http://127.0.0.1:11434/v1 · LM Studio: http://127.0.0.1:1234/v1 · vLLM: http://127.0.0.1:8000/v1'),
    value: settings.compatibleBaseUrl === '' ? 'http://127.0.0.1:11434/v1' : settings.compatibleBaseUrl,
    ignoreFocusOut: true,
    validateInput: (text) => (/^https?:\/\/[^\s/]/.test(text.trim()) ? undefined : t('Write an address that begins with http:// or https://.')),
  });
  if (url !== undefined) {
    await save({ compatibleBaseUrl: url.trim(), compatibleModel: '' });
    await chooseModel(parts);
  }
}

/** The name under which `mark` finds the model that the settings name. */
function currentName(settings: Settings): string {
  const names: Record<Settings['model'], string> = {
    auto: 'auto',
    'built-in': 'built-in',
    groq: `groq/${settings.groqModel}`,
    'openai-compatible': `openai-compatible/${settings.compatibleModel}`,
    vscode: `vscode/${settings.vscodeModel}`,
  };
  return names[settings.model];
}

function limitsOf(info: ModelInfo): string {
  return info.contextTokens === undefined ? '' : t('{0} K tokens', Math.round(info.contextTokens / 1024));
}

/** Writes settings for the user, never for the workspace: they decide where code goes. */
async function save(values: Partial<Record<SettingName, string>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  for (const [name, value] of Object.entries(values)) {
    await configuration.update(settingKeys[name as SettingName], value, vscode.ConfigurationTarget.Global);
  }
}

async function run(command: string): Promise<void> {
  await vscode.commands.executeCommand(command);
}
