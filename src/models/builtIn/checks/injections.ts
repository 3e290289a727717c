import type { SyntaxNode } from '../../../analysis/syntax';
import { named, textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import type { Code } from '../syntax/code';
import type { Call } from '../syntax/nodes';
import { assignmentOf, callOf, shortText } from '../syntax/nodes';
import type { Check, Finding, FindingSeverity } from './finding';
import type { Origin } from './inputs';
import { isBuiltText, originOf } from './inputs';

/** Who could be behind a value, as a severity. */
export function severityOf(origin: Origin): FindingSeverity {
  return origin === 'outside' ? 'high' : origin === 'parameter' ? 'medium' : 'low';
}

/** Where a value comes from, for the end of a sentence. */
export function originText(origin: Origin): string {
  switch (origin) {
    case 'outside':
      return t('The value comes from outside (request, input or arguments).');
    case 'parameter':
      return t('The value is a parameter: it depends on the callers whether others can set it.');
    case 'computed':
    case 'constant':
      return t('Where the value comes from is not visible here.');
  }
}

/** The worst origin of the arguments of a call. */
export function originOfArguments(call: Call, code: Code): Origin {
  const origins = call.args.map((argument) => originOf(argument, code));
  return (['outside', 'parameter', 'computed'] as const).find((origin) => origins.includes(origin)) ?? 'constant';
}

/** A piece of code for a sentence, secrets hidden. */
export function quoted(node: SyntaxNode, limit = 60): string {
  return shortText(node, limit);
}

const sql = /\b(?:SELECT\s.+?\bFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|DROP\s+TABLE|WHERE\s+\S+\s*(?:=|LIKE|IN))\b/is;
const sqlCalls = /^(?:execute|executemany|executeQuery|executeUpdate|query|Query|QueryRow|Exec|raw|where|find_by_sql|order|prepare|createQuery|createNativeQuery|FromSqlRaw|ExecuteSqlRaw|Sprintf|format!?|sprintf|String\.format)$/;

/** SQL put together from text and values. */
export const buildsSql: Check = (node, code) => {
  const call = callOf(node);
  const isConstruction = call !== undefined && /^(?:SqlCommand|MySqlCommand|NpgsqlCommand|OleDbCommand)$/.test(call.name);
  const candidate = call !== undefined && (sqlCalls.test(call.name) || isConstruction) ? node : undefined;
  if (candidate === undefined || call === undefined) {
    return undefined;
  }
  const isWhere = call.name === 'where' || call.name === 'order';
  const isFormat = /^(?:Sprintf|format!?|sprintf)$/.test(call.name);
  const text = isFormat ? textOf(node) : (call.args[0] === undefined ? '' : textOf(call.args[0]));
  const built = isFormat ? node : call.args[0];
  const hasSql = sql.test(text) || (isWhere && /["'].*#\{/.test(text));
  if (!hasSql || built === undefined || !(isFormat ? originOfArguments(call, code) !== 'constant' : isBuiltText(built, code))) {
    return undefined;
  }
  const origin = isFormat ? originOfArguments(call, code) : originOf(built, code);
  return {
    node,
    severity: severityOf(origin),
    text: `${t('SQL is put together from text and values in `{0}`: a value with a quote in it changes the statement.', quoted(node))} ${originText(origin)}`,
    fix: t('Pass values as parameters of a prepared statement.'),
  };
};

/** Shell commands and processes with values in them. */
export const runsShell: Check = (node, code) => {
  if (node.type === 'subshell') {
    return shellFinding(node, originOf(node, code));
  }
  const call = callOf(node);
  if (call === undefined) {
    return undefined;
  }
  const full = call.full.replace(/\s+/g, '');
  const text = textOf(node);
  const isShell =
    /^(?:os\.(?:system|popen)|commands\.getoutput|system|popen|shell_exec|passthru|proc_open|child_process\.exec(?:Sync)?|execSync|exec\.Command|Process\.Start|Command::new|Kernel\.system|IO\.popen)$/.test(full) ||
    (/^(?:subprocess\.\w+|spawn|spawnSync|Open3\.\w+)$/.test(full) && /shell\s*[=:]\s*true/i.test(text)) ||
    full.endsWith("getRuntime().exec") || (full === 'exec' && code.languageId !== 'python');
  const chain = full === 'Command::new' ? enclosingChain(node) : node;
  // Starting a fixed program with separate arguments is the safe way, unless the program is a shell.
  const needsShell = /^(?:exec\.Command|Command::new)$/.test(full);
  if (!isShell || (needsShell && !/["'](?:\/bin\/)?(?:ba|z)?sh["']|cmd(?:\.exe)?["']|powershell/i.test(text))) {
    return undefined;
  }
  const origin = originOf(chain, code);
  return origin === 'constant' ? undefined : shellFinding(node, origin);
};

function shellFinding(node: SyntaxNode, origin: Origin): Finding | undefined {
  return origin === 'constant'
    ? undefined
    : {
        node,
        severity: severityOf(origin),
        text: `${t('`{0}` runs a command with a value in it: shell characters in the value run other commands.', quoted(node))} ${originText(origin)}`,
        fix: t('Start the program directly with a list of arguments, without a shell, and allow only known values.'),
      };
}

/** The whole chain of calls that begins with a node, in the statement around it. */
function enclosingChain(node: SyntaxNode): SyntaxNode {
  const end = node.source.indexOf(';', node.end);
  return end === -1 ? node : { ...node, end, children: [{ ...node, type: 'token_tree', end, children: [], isNamed: true }] };
}

/** Code made from text. */
export const runsCode: Check = (node, code) => {
  const call = callOf(node);
  if (call === undefined) {
    return node.type === 'eval_expression' ? codeFinding(node, 'outside') : undefined;
  }
  const isEval =
    (/^(?:eval|instance_eval|class_eval|module_eval|create_function|execfile|render_template_string)$/.test(call.name) && !/^(?:df|pd|model|engine)\./.test(call.full)) ||
    (call.name === 'exec' && code.languageId === 'python' && call.receiver === undefined) ||
    (call.full === 'Function' && call.args.length > 0) ||
    (/^set(?:Timeout|Interval)$/.test(call.name) && call.args[0] !== undefined && /^["'`]/.test(textOf(call.args[0])));
  const origin = isEval ? originOfArguments(call, code) : 'constant';
  return origin === 'constant' ? undefined : codeFinding(node, origin);
};

function codeFinding(node: SyntaxNode, origin: Origin): Finding {
  return {
    node,
    severity: severityOf(origin),
    text: `${t('`{0}` runs text as code: whoever sets the text runs what they like.', quoted(node))} ${originText(origin)}`,
    fix: t('Parse the input, or look it up in a table of allowed operations.'),
  };
}

/** HTML written without escaping. */
export const writesHtml: Check = (node, code) => {
  const assignment = assignmentOf(node);
  const call = callOf(node);
  const isTarget = assignment !== undefined && /\.(?:innerHTML|outerHTML|srcdoc)$/.test(textOf(assignment.target));
  const isCall = call !== undefined && /^(?:insertAdjacentHTML|mark_safe|Markup|html_safe|createContextualFragment)$|^document\.writeln?$/.test(call.full.startsWith("document.") ? call.full : call.name);
  const isAttribute = node.type === 'jsx_attribute' && textOf(node).startsWith("dangerouslySetInnerHTML");
  const isEcho = (node.type === 'echo_statement' || node.type === 'print_intrinsic') && !/htmlspecialchars|htmlentities|intval|json_encode/.test(textOf(node));
  const value = isTarget ? assignment.value : isCall || isAttribute ? node : isEcho ? (named(node)[0] ?? node) : undefined;
  if (value === undefined) {
    return undefined;
  }
  const origin = call !== undefined && isCall ? worst(originOfArguments(call, code), call.receiver === undefined || call.name !== 'html_safe' ? 'constant' : originOf(call.receiver, code)) : originOf(value, code);
  if (origin === 'constant' || (isEcho && origin !== 'outside')) {
    return undefined;
  }
  return {
    node,
    severity: severityOf(origin),
    text: `${t('`{0}` writes a value as HTML: markup in the value becomes part of the page and can run scripts.', quoted(node))} ${originText(origin)}`,
    fix: t('Write it as text (such as textContent), or escape it for HTML.'),
  };
};

function worst(first: Origin, second: Origin): Origin {
  return (['outside', 'parameter', 'computed'] as const).find((origin) => origin === first || origin === second) ?? 'constant';
}

/** Paths made from input. */
export const buildsPath: Check = (node, code) => {
  const call = callOf(node);
  const isFileCall =
    call !== undefined &&
    /^(?:(?:fs|fsp|fs\.promises)\.\w+|path\.(?:join|resolve)|open|fopen|file_get_contents|readfile|include|require|unlink|os\.path\.join|os\.(?:remove|open)|send_file|sendFile|File\.(?:open|read|ReadAllText|join|Open)|Paths\.get|Files\.\w+|os\.(?:Open|ReadFile)|filepath\.Join|ioutil\.ReadFile|Path\.Combine|File)$/.test(call.full);
  const origin = call !== undefined && isFileCall ? originOfArguments(call, code) : 'constant';
  if (origin !== 'outside') {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: `${t('`{0}` makes a path from a value: `..` or an absolute path in it leads to other files.', quoted(node))} ${originText(origin)}`,
    fix: t('Resolve the path and test that it stays in its folder, or look the name up in a list.'),
  };
};

/** Requests to addresses from outside. */
export const fetchesInput: Check = (node, code) => {
  const call = callOf(node);
  const isRequest = call !== undefined && /^(?:fetch|axios(?:\.\w+)?|requests\.\w+|urllib\.request\.urlopen|urlopen|http\.Get|curl_init|Net::HTTP\.\w+|HttpClient\.\w+|got)$/.test(call.full);
  const first = call?.args[0];
  if (!isRequest || first === undefined || originOf(first, code) !== 'outside' || /^["'`](?:https?:)?\/\/?[\w.-]+/.test(textOf(first))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` requests an address from outside: it can point at services that only this machine can reach.', quoted(node)),
    fix: t('Allow only known hosts.'),
  };
};

/** Redirects to addresses from outside. */
export const redirectsToInput: Check = (node, code) => {
  const call = callOf(node);
  const last = call?.args.at(-1);
  if (call === undefined || !/^(?:redirect|sendRedirect|redirect_to|Redirect|HttpResponseRedirect)$/.test(call.name) || last === undefined || originOf(last, code) !== 'outside') {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` sends people to an address from outside, which can be a forged page.', quoted(node)),
    fix: t('Redirect only to paths of this site, or to a list of known addresses.'),
  };
};
