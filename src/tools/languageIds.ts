const idsByExtension: Readonly<Record<string, string>> = {
  py: 'python', pyi: 'python', pyw: 'python',
  java: 'java',
  js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascriptreact',
  ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'typescriptreact',
  go: 'go',
  c: 'c', h: 'cpp', cc: 'cpp', cpp: 'cpp', cxx: 'cpp', 'c++': 'cpp', hh: 'cpp', hpp: 'cpp', hxx: 'cpp', ipp: 'cpp',
  cs: 'csharp', csx: 'csharp',
  rs: 'rust',
  rb: 'ruby', rake: 'ruby', gemspec: 'ruby',
  php: 'php', phtml: 'php',
  sh: 'shellscript', bash: 'shellscript', zsh: 'shellscript', ps1: 'powershell',
  json: 'json', jsonc: 'jsonc', yaml: 'yaml', yml: 'yaml', toml: 'toml', xml: 'xml', ini: 'ini',
  md: 'markdown', html: 'html', htm: 'html', css: 'css', scss: 'scss', less: 'less', sql: 'sql',
  kt: 'kotlin', kts: 'kotlin', swift: 'swift', scala: 'scala', dart: 'dart', lua: 'lua', r: 'r', pl: 'perl',
};

const idsByName: Readonly<Record<string, string>> = {
  rakefile: 'ruby', gemfile: 'ruby', dockerfile: 'dockerfile', makefile: 'makefile',
};

/** VS Code's language id for a file by its name; `plaintext` where it is not known. */
export function languageIdOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  return own(idsByName, name) ?? own(idsByExtension, extension) ?? 'plaintext';
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
