import type { Language } from '../language';
import { cpp } from './cpp';
import { csharp } from './csharp';
import { go } from './go';
import { java } from './java';
import { javascript, typescript, typescriptReact } from './javascript';
import { php } from './php';
import { python } from './python';
import { ruby } from './ruby';
import { rust } from './rust';

/** Every language that the analysis reads, in no particular order. Add a language by adding its file here. */
export const languages: readonly Language[] = [python, java, cpp, javascript, typescript, typescriptReact, go, csharp, rust, ruby, php];

/** The language for a VS Code language id, or undefined. */
export function languageFor(languageId: string): Language | undefined {
  return languages.find((language) => language.ids.includes(languageId));
}
