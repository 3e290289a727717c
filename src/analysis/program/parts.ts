import type { Block, Expression, Statement } from './ir';
import { visitBlock, type Visitor } from './visit';
import { Memo } from './memo';

/** The statements and expressions of a block that rules about a whole program look for. */
interface Parts {
  readonly nodes: readonly (Statement | Expression)[];
  /** Which of them are statements: an assignment can be either. */
  readonly areStatements: readonly boolean[];
}

const known = new Memo<Block, Parts>();

/** Kept per block: the rules that look for parts go through the whole program, one after the other. */
function partsOf(block: Block): Parts {
  let parts = known.get(block);
  if (parts === undefined) {
    const nodes: (Statement | Expression)[] = [];
    const areStatements: boolean[] = [];
    visitBlock(block, {
      skipsLeaves: true,
      statement: (statement) => {
        switch (statement.kind) {
          case 'declare':
          case 'assign':
          case 'forEach':
          case 'function':
            nodes.push(statement);
            areStatements.push(true);
            break;
          default:
        }
        return undefined;
      },
      expression: (expression) => {
        switch (expression.kind) {
          case 'call':
          case 'assign':
          case 'lambda':
          case 'comprehension':
          case 'member':
            nodes.push(expression);
            areStatements.push(false);
            break;
          case 'new':
            if (expression.args.length > 0 && expression.type.kind === 'object') {
              nodes.push(expression);
              areStatements.push(false);
            }
            break;
          default:
        }
        return undefined;
      },
    });
    parts = { nodes, areStatements };
    known.set(block, parts);
  }
  return parts;
}

/**
 * As `visitBlock`, in the same order, for the body of a function or what is outside of functions; but only for declarations,
 * assignments, loops over items, functions, calls, objects made with arguments, comprehensions and members. Nothing can be left out on the way.
 */
export function visitParts(block: Block, visitor: Visitor): void {
  const { nodes, areStatements } = partsOf(block);
  const { statement: lookAtStatement, expression: lookAtExpression } = visitor;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at];
    if (node === undefined) {
      continue;
    }
    if (areStatements[at] === true) {
      lookAtStatement?.(node as Statement);
    } else {
      lookAtExpression?.(node as Expression);
    }
    if (visitor.intoFunctions === true && (node.kind === 'function' || node.kind === 'lambda')) {
      visitParts(node.function.body, visitor);
    }
  }
}
