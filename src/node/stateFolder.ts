import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** Where programs keep what is theirs on this system: by XDG, and by the customs of macOS and Windows. */
export function stateFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  if (platform === 'win32') {
    return path.join(absolute(environment['LOCALAPPDATA']) ?? path.join(home, 'AppData', 'Local'), 'stepwise');
  }
  if (platform === 'darwin') {
    return path.join(home, 'Library', 'Application Support', 'stepwise');
  }
  return path.join(absolute(environment['XDG_STATE_HOME']) ?? path.join(home, '.local', 'state'), 'stepwise');
}

/** A name for what belongs to one workspace folder: readable, and different for folders of the same name. */
export function workspaceKey(folder: string): string {
  const readable = path.basename(folder).replace(/[^\w-]/g, '_').slice(0, 40);
  return `${readable}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
}

function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined;
}
