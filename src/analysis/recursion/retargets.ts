import type { Engine } from '../following/engine';
import type { Block, Expression, FunctionIr, Statement } from '../program/ir';
import { recursiveSites } from './sites';
import { holds, isName, keyOf, namesIn, visitBlock, visitExpression } from '../program/visit';
import { Memo } from '../program/memo';

type Part = Statement | Expression;

const none: ReadonlySet<Part> = new Set();
const known = new Memo<FunctionIr, ReadonlySet<Part>>();

/**
 * Loops and calls by which a search down a tree finds what it looks for from there on: `t = node.right; while (t.left) t =
 * t.left; node.right = f(node.right, t.key)` beside `f(node.left, key)` and `f(node.right, key)`. The search comes to the
 * place where such a walk ended before it can begin another, so all walks together are one way down.
 */
export function walksToNextTarget(engine: Engine, fn: FunctionIr): ReadonlySet<Part> {
  let found = known.get(fn);
  if (found === undefined) {
    found = findWalks(engine, fn);
    known.set(fn, found);
  }
  return found;
}

function findWalks(engine: Engine, fn: FunctionIr): ReadonlySet<Part> {
  const sites = recursiveSites(engine, fn).map((site) => site.call);
  const node = fn.params.findIndex((param, at) => sites.length > 1 && sites.every((site) => isChildOf(site.args[at], param.name)));
  const wanted = fn.params.findIndex((param, at) => at !== node && sites.some((site) => isName(site.args[at], param.name)) && sites.some((site) => !isName(site.args[at], param.name)));
  if (node < 0 || wanted < 0) {
    return none;
  }
  const walks = new Set<Part>();
  for (const site of sites) {
    const target = site.args[wanted];
    const block = target === undefined || isName(target, fn.params[wanted]?.name ?? '') ? undefined : blockOf(fn.body, site);
    if (target !== undefined && block !== undefined) {
      collect(block, site, target, fn.params[node]?.name ?? '', walks);
    }
  }
  return walks;
}

/** `node.left` or a name; a call of the function with the node itself would not come down. */
function isChildOf(arg: Expression | undefined, node: string): boolean {
  return arg?.kind === 'member' && arg.object.kind === 'name' && arg.object.name === node;
}

/** The innermost block that a call stands in. */
function blockOf(block: Block, call: Expression): Block | undefined {
  const holder = block.find((statement) => holds(statement, call));
  if (holder === undefined) {
    return undefined;
  }
  const inside = holder.kind === 'if' ? [holder.then, holder.else] : holder.kind === 'block' ? [holder.body] : holder.kind === 'switch' ? holder.cases.map((each) => each.body) : [];
  return inside.map((each) => blockOf(each, call)).find((each) => each !== undefined) ?? block;
}

/** What in the block makes `target` by going down from a child of `node`. */
function collect(block: Block, site: Expression, target: Expression, node: string, walks: Set<Part>): void {
  const names = new Set([...namesIn(target)].filter((name) => name !== node));
  const key = keyOf(target);
  const children = new Set(block.flatMap((statement) => (statement.kind === 'declare' && isChildOf(statement.value, node) ? [statement.name] : statement.kind === 'assign' && statement.target.kind === 'name' && isChildOf(statement.value, node) ? [statement.target.name] : [])));
  const noteCalls = (value: Expression): void => {
    visitExpression(value, {
      expression: (inner) => {
        if (inner.kind === 'call' && inner !== site && inner.args.some((arg) => isChildOf(arg, node) || (arg.kind === 'name' && children.has(arg.name)))) {
          walks.add(inner);
        }
        return undefined;
      },
    });
  };
  noteCalls(target);
  for (const statement of block) {
    if (statement.kind === 'while' || statement.kind === 'for') {
      visitBlock(statement.body, {
        statement: (inner) => {
          const assigned = inner.kind === 'assign' ? inner : inner.kind === 'expression' && inner.value.kind === 'assign' ? inner.value : undefined;
          if (assigned?.target.kind === 'name' && names.has(assigned.target.name) && isChildOf(assigned.value, assigned.target.name)) {
            walks.add(statement);
          }
          return undefined;
        },
      });
    } else if (statement.kind === 'declare' && statement.value !== undefined && names.has(statement.name)) {
      noteCalls(statement.value);
    } else if (statement.kind === 'assign' && (keyOf(statement.target) === key || (statement.target.kind === 'name' && names.has(statement.target.name)))) {
      noteCalls(statement.value);
    } else if (statement.kind === 'expression' && statement.value.kind === 'assign' && (keyOf(statement.value.target) === key || (statement.value.target.kind === 'name' && names.has(statement.value.target.name)))) {
      noteCalls(statement.value.value);
    }
  }
}
