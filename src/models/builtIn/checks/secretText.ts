/** Names of things that should not stand in code with their value. */
export const secretName = /(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?\b/i;

/** Forms of keys that services give out, and the heads of private keys. */
export const secretForm =
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gsk_[A-Za-z0-9]{16,}|sk[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9]{12,}|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|xox[abprs]-[\w-]{10,}|glpat-[\w-]{16,}|eyJ[\w-]{10,}\.[\w-]{10,})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const assignedSecret = new RegExp(`(${secretName.source.replace('\\b', '')}\\w*["']?\\s*(?::[^=\\n]{0,30})?(?:=>|:=|!={1,2}|={1,3}|:)\\s*[frbu@$]?)(["'\`])([^"'\`\\n]{4,})(?:\\2|$)`, 'gi');

/** A piece of code for an answer, cut or whole, with the values of secrets hidden: answers are kept in notes and histories. */
export function maskSecrets(text: string): string {
  return text
    .replace(assignedSecret, (_match, before: string, quote: string) => `${before}${quote}•••${quote}`)
    .replace(new RegExp(secretForm.source, 'g'), (match) => `${match.slice(0, 4)}•••`);
}
