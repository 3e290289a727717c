import * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { TaskKind } from '../core/request';
import { taskKinds } from '../core/request';
import { foreignTools } from './externalTools';
import { cleanKey } from './secrets';
import { taskOfQuestion } from '../app/taskOfQuestion';
import { taskText } from './tasks';

/** A task with its question. */
export interface Ask {
  readonly task: TaskKind;
  readonly question: string;
}

/**
 * Lets the person choose what to ask; undefined when they turn away. `subject` names the code at hand. The choice is
 * there at once, however long a language server takes to name it; what goes wrong with it ends the choice.
 */
export async function pickTask(subject: Promise<string>): Promise<Ask | undefined> {
  const items = taskKinds.map((task) => {
    const { label, detail, icon } = taskText(task);
    return { label: `$(${icon}) ${label}`, detail, task };
  });
  const task = await pickFrom(items, subject);
  if (task === undefined) {
    return undefined;
  }
  return task === 'question' ? askQuestion(await subject) : { task, question: taskText(task).question };
}

type TaskItem = vscode.QuickPickItem & { readonly task: TaskKind };

async function pickFrom(items: readonly TaskItem[], subject: Promise<string>): Promise<TaskKind | undefined> {
  const pick = vscode.window.createQuickPick<TaskItem>();
  pick.items = items;
  pick.title = t('Reason about {0}', '…');
  pick.placeholder = t('What do you want to know?');
  pick.matchOnDetail = true;
  pick.busy = true;
  try {
    return await new Promise<TaskKind | undefined>((resolve, reject) => {
      subject.then((name) => {
        pick.title = t('Reason about {0}', name);
        pick.busy = false;
      }, reject);
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.task));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Lets the person write a question of their own; undefined when they turn away. */
export async function askQuestion(subject: string): Promise<Ask | undefined> {
  const written = await vscode.window.showInputBox({
    title: t('Ask about {0}', subject),
    prompt: t('Your question, in any language'),
    placeHolder: t('Why does this loop end?'),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('Write a question.') : undefined),
  });
  const question = written?.trim() ?? '';
  return question === '' ? undefined : { task: taskOfQuestion(question), question };
}

/** Asks for a key, hidden as it is typed; undefined when the person turns away. */
export async function askKey(server: string, hint: string): Promise<string | undefined> {
  const written = await vscode.window.showInputBox({
    title: t('API key of {0}', server),
    prompt: hint,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() !== '' && cleanKey(text) === undefined ? t('A key has no spaces and no special characters.') : undefined),
  });
  return cleanKey(written);
}

/** Lets the person choose tools of other extensions and MCP servers; undefined when they turn away. */
export async function pickExternalTools(chosen: readonly string[]): Promise<readonly string[] | undefined> {
  const tools = foreignTools();
  if (tools.length === 0) {
    await vscode.window.showInformationMessage(t('No other extension or MCP server offers tools. Install one, or start an MCP server, and choose again.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    tools.map((tool) => ({ label: tool.name, detail: tool.description, picked: chosen.includes(tool.name) })),
    {
      title: t('Tools that reasoning may use'),
      placeHolder: t('Stepwise’s own tools only read; these may do more. VS Code asks before a tool that changes something.'),
      canPickMany: true,
      matchOnDetail: true,
    },
  );
  if (picked === undefined) {
    return undefined;
  }
  // A tool whose server is not running now stays chosen.
  const absent = chosen.filter((name) => !tools.some((tool) => tool.name === name));
  return [...picked.map(({ label }) => label), ...absent];
}
