import * as vscode from 'vscode';
import { modelVendor, settingKeys, settingsSection } from './ids';
import type { Log } from './log';
import type { KeyPlaces } from './secrets';
import type { Settings } from './settings';
import { readSettings } from './settings';

/** The settings as they are now, for a document or the window. */
export function currentSettings(scope?: vscode.Uri): Settings {
  return readSettings(vscode.workspace.getConfiguration(settingsSection, scope ?? null));
}

/** Largest `.env` file that is read, in bytes. */
const maxDotEnvBytes = 65_536;

/** Where keys are looked for in this window. */
export function keyPlaces(storage: vscode.SecretStorage, log: Log): KeyPlaces {
  return {
    storage,
    environment: process.env,
    onFound: (value) => log.protect(value),
    async readDotEnv() {
      if (!vscode.workspace.isTrusted) {
        return [];
      }
      const texts = await Promise.all((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => readSmallFile(vscode.Uri.joinPath(uri, '.env'))));
      return texts.filter((text) => text !== undefined);
    },
  };
}

async function readSmallFile(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    return size > maxDotEnvBytes ? undefined : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // Most workspaces have none.
    return undefined;
  }
}

/** Settings that decide which models there are. */
const modelSettings = [
  settingKeys.model,
  settingKeys.groqModel,
  settingKeys.groqBaseUrl,
  settingKeys.compatibleBaseUrl,
  settingKeys.compatibleModel,
  settingKeys.compatibleContextTokens,
].map((key) => `${settingsSection}.${key}`);

/** Fires when keys, settings or trust change which models there are. */
export function modelChanges(storage: vscode.SecretStorage): { readonly event: vscode.Event<void>; dispose(): void } {
  const emitter = new vscode.EventEmitter<void>();
  const registrations = vscode.Disposable.from(
    emitter,
    storage.onDidChange(({ key }) => {
      if (key.startsWith(modelVendor)) {
        emitter.fire();
      }
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (modelSettings.some((setting) => change.affectsConfiguration(setting))) {
        emitter.fire();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => emitter.fire()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => emitter.fire()),
  );
  return { event: emitter.event, dispose: () => void registrations.dispose() };
}
