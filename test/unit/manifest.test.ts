import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { taskKinds } from '../../src/core/request';
import {
  commandIds, contextKeys, internalCommandIds, languageModelToolNames, modelVendor, noteCommandIds, notesViewId, panelViewType, participantCommands,
  participantId, reasoningViewId, settingKeys, settingsSection, viewContainerId, walkthroughId,
} from '../../src/vscode/ids';
import type { SettingName } from '../../src/vscode/ids';
import { settingDefaults } from '../../src/vscode/settings';
import { createTools } from '../../src/tools/index';
import { memoryWorkspace } from '../support/memoryWorkspace';
import { readJson, readSources, repositoryRoot } from '../support/sourceFiles';

interface Manifest {
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  icon: string;
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; when?: string }[];
    viewsWelcome: { view: string; contents: string; when?: string }[];
    configuration: { properties: Record<string, { default: unknown; scope?: string }> }[];
    chatParticipants: { id: string; name: string; commands: { name: string }[] }[];
    languageModelChatProviders: { vendor: string; managementCommand: string }[];
    languageModelTools: { name: string; modelDescription: string; inputSchema: object; toolReferenceName: string; canBeReferencedInPrompt: boolean }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; icon: string; type?: string }[]>;
    walkthroughs: { id: string; steps: { media: { markdown: string }; description: string; completionEvents: string[] }[] }[];
  };
}

type Texts = Record<string, string>;

const manifest = readJson('package.json') as Manifest;
const { contributes } = manifest;
const manifestText = JSON.stringify(manifest);
const english = readJson('package.nls.json') as Texts;
const chinese = readJson('package.nls.zh-cn.json') as Texts;
const bundle = readJson('l10n/bundle.l10n.zh-cn.json') as Texts;
const properties = Object.assign({}, ...contributes.configuration.map((group) => group.properties)) as Manifest['contributes']['configuration'][number]['properties'];

/** The placeholders of a text, sorted: a translation may move them, not lose them. */
function placeholders(text: string): string[] {
  return (text.match(/\{\d+\}|\(command:[^)]*\)/g) ?? []).sort();
}

describe('ids and package.json', () => {
  it('name the same commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...Object.values(commandIds), ...Object.values(noteCommandIds)].sort());
    expect(contributes.commands.every(({ category }) => category === 'Stepwise')).toBe(true);
  });

  it('name the same settings, with the same defaults', () => {
    const keys = Object.values(settingKeys).map((key) => `${settingsSection}.${key}`);
    expect(Object.keys(properties).sort()).toEqual(keys.sort());
    for (const [name, key] of Object.entries(settingKeys)) {
      expect(properties[`${settingsSection}.${key}`]?.default, key).toEqual(settingDefaults[name as SettingName]);
    }
  });

  it('name the same participant, with tasks for commands', () => {
    expect(contributes.chatParticipants.map(({ id, name }) => ({ id, name }))).toEqual([{ id: participantId, name: 'reason' }]);
    expect(contributes.chatParticipants[0]?.commands.map(({ name }) => name)).toEqual([...participantCommands]);
    expect(taskKinds).toEqual(expect.arrayContaining([...participantCommands]));
  });

  it('name the same provider, tools, panel and walkthrough', () => {
    expect(contributes.languageModelChatProviders.map(({ vendor }) => vendor)).toEqual([modelVendor]);
    expect(contributes.languageModelTools.map(({ name }) => name).sort()).toEqual(Object.values(languageModelToolNames).sort());
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${panelViewType}`);
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([viewContainerId]);
    expect(contributes.views[viewContainerId]).toContainEqual(expect.objectContaining({ id: reasoningViewId, type: 'webview' }));
    expect(contributes.views[viewContainerId]?.map(({ id }) => id)).toContain(notesViewId);
    expect(new Set(contributes.viewsWelcome.map(({ view }) => view))).toEqual(new Set([notesViewId]));
    expect(contributes.walkthroughs.map(({ id }) => id)).toEqual([walkthroughId]);
    // What works at once comes first; a model is chosen by whoever wants another one.
    expect(contributes.walkthroughs[0]?.steps.map(({ media }) => media.markdown)).toEqual(['ask', 'note', 'model'].map((name) => `media/walkthrough/${name}.md`));
  });

  it('tell models of the tools what the tools tell of themselves', () => {
    for (const tool of createTools(memoryWorkspace({}))) {
      const contributed = contributes.languageModelTools.find(({ name }) => name === languageModelToolNames[tool.name as keyof typeof languageModelToolNames]);
      expect(contributed?.modelDescription, tool.name).toBe(tool.description);
      expect(contributed?.inputSchema, tool.name).toEqual(tool.parameters);
      expect(contributed?.canBeReferencedInPrompt, tool.name).toBe(true);
    }
    expect(new Set(contributes.languageModelTools.map(({ toolReferenceName }) => toolReferenceName)).size).toBe(Object.keys(languageModelToolNames).length);
  });

  it('use only commands and context keys that exist', () => {
    const known = new Set<string>([...Object.values(commandIds), ...Object.values(noteCommandIds), ...Object.values(internalCommandIds)]);
    const used = [...manifestText.matchAll(/command:(stepwise\.\w+)|onCommand:(stepwise\.\w+)|"command":"(stepwise\.\w+)"|"managementCommand":"(stepwise\.\w+)"/g)]
      .map((match) => match.slice(1).join(''));
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((id) => !known.has(id))).toEqual([]);
    const clauses = [...Object.values(contributes.menus).flat(), ...contributes.keybindings, ...contributes.viewsWelcome, ...contributes.commands.map((command) => ({ when: (command as { enablement?: string }).enablement }))]
      .flatMap(({ when }) => when?.match(/(?<!'|config\.)stepwise\.\w+/g) ?? []);
    const keys = new Set<string>(Object.values(contextKeys));
    expect(clauses.length).toBeGreaterThan(0);
    expect(clauses.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('point to files that exist', () => {
    const files = [manifest.icon, ...contributes.viewsContainers.activitybar.map(({ icon }) => icon), ...Object.values(contributes.views).flat().map(({ icon }) => icon), ...contributes.viewsContainers.activitybar.map(({ icon }) => icon), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown))];
    expect(files.filter((file) => !existsSync(path.join(repositoryRoot, file)))).toEqual([]);
  });

  it('let no repository decide where code goes', () => {
    for (const name of ['model', 'groqModel', 'groqBaseUrl', 'compatibleBaseUrl', 'compatibleModel', 'vscodeModel', 'externalTools'] as const) {
      expect(properties[`${settingsSection}.${settingKeys[name]}`]?.scope, name).toBe('machine');
    }
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(restricted.filter((key) => !(key in properties))).toEqual([]);
    expect(restricted).toEqual(expect.arrayContaining(['stepwise.systemPrompt', 'stepwise.additionalPrompts', 'stepwise.notes.location']));
  });

  it('ask for the VS Code whose types the code is checked against', () => {
    expect(manifest.devDependencies['@types/vscode']).toBe(manifest.engines.vscode);
    expect(manifest.engines.vscode).toBe('^1.104.0');
    expect((readJson('node_modules/@types/vscode/package.json') as { version: string }).version).toMatch(/^1\.104\./);
  });
});

describe('texts of package.json', () => {
  const used = [...new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''))].sort();

  it('are in package.nls.json, all of them and no others', () => {
    expect(Object.keys(english).sort()).toEqual(used);
  });

  it('are in Chinese too, with the same links', () => {
    expect(Object.keys(chinese).sort()).toEqual(used);
    for (const key of used) {
      expect(placeholders(chinese[key] ?? ''), key).toEqual(placeholders(english[key] ?? ''));
    }
  });

  it('stand nowhere but there', () => {
    const titles = [...contributes.commands.map(({ title }) => title), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description))];
    expect(titles.filter((title) => !/^%.+%$/.test(title))).toEqual([]);
  });
});

describe('texts of the code', () => {
  const messages = new Set<string>();
  const unreadable: string[] = [];
  const trees = readSources().map(({ path: file, text }) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  const each = (visit: (node: ts.Node, file: string) => void): void => {
    for (const tree of trees) {
      const walk = (node: ts.Node): void => {
        visit(node, tree.fileName);
        ts.forEachChild(node, walk);
      };
      walk(tree);
    }
  };
  /** Names of properties that hold sentences, in tables such as those of the language libraries. */
  const tables = new Set<string>();
  each((node, file) => {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 't') {
      return;
    }
    const [message] = node.arguments;
    if (message !== undefined && ts.isStringLiteralLike(message)) {
      messages.add(message.text);
    } else if (message !== undefined && ts.isPropertyAccessExpression(message)) {
      tables.add(message.name.text);
    } else {
      unreadable.push(`${file}: ${node.getText()}`);
    }
  });
  /** Sentences that a table names by a constant of its file, as `file name`. */
  const constants = new Map<string, string>();
  each((node, file) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined && ts.isStringLiteralLike(node.initializer)) {
      constants.set(`${file} ${node.name.text}`, node.initializer.text);
    }
  });
  each((node, file) => {
    if (ts.isPropertyAssignment(node) && tables.has(node.name.getText())) {
      const { initializer } = node;
      const text = ts.isStringLiteralLike(initializer) ? initializer.text : constants.get(`${file} ${initializer.getText()}`);
      if (text !== undefined) {
        messages.add(text);
      }
    }
  });

  it('are literals, in the call or in a table, so that they can be collected', () => {
    expect(messages.size).toBeGreaterThan(30);
    expect(unreadable).toEqual([]);
  });

  it('have a Chinese translation with the same placeholders', () => {
    expect([...messages].filter((message) => bundle[message] === undefined)).toEqual([]);
    for (const message of messages) {
      expect(placeholders(bundle[message] ?? ''), message).toEqual(placeholders(message));
    }
  });

  it('leave no translation without a text', () => {
    expect(Object.keys(bundle).filter((message) => !messages.has(message))).toEqual([]);
    expect(Object.keys(bundle)).toEqual(Object.keys(bundle).sort());
  });
});
