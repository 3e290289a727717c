import type { Language } from '../language';

/** Reads the file of a language; each is loaded when code in it is first met. Add a language by adding its line here. */
const loaders: readonly (readonly [ids: readonly string[], load: () => Promise<Language>])[] = [
  [['python'], async () => (await import('./python')).python],
  [['java'], async () => (await import('./java')).java],
  [['cpp', 'c'], async () => (await import('./cpp')).cpp],
  [['javascript', 'javascriptreact'], async () => (await import('./javascript')).javascript],
  [['typescript'], async () => (await import('./javascript')).typescript],
  [['typescriptreact'], async () => (await import('./javascript')).typescriptReact],
  [['go'], async () => (await import('./go')).go],
  [['csharp'], async () => (await import('./csharp')).csharp],
  [['rust'], async () => (await import('./rust')).rust],
  [['ruby'], async () => (await import('./ruby')).ruby],
  [['php'], async () => (await import('./php')).php],
];

/** VS Code ids of all languages that the analysis reads. */
export const languageIds: readonly string[] = loaders.flatMap(([ids]) => ids);

/** Whether `languageId` is one that the analysis reads. */
export function canAnalyze(languageId: string): boolean {
  return languageIds.includes(languageId);
}

/** The language for a VS Code language id, or undefined. */
export async function loadLanguage(languageId: string): Promise<Language | undefined> {
  return await loaders.find(([ids]) => ids.includes(languageId))?.[1]();
}
