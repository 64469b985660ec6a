// Imports through a lib's door ('#platform') become imports of the very files that define the names, in what is built: a process then loads
// what it uses, and not all that its libs have. `ctl` starts in half the time without the servers that it does not run.
import path from 'node:path';

const reExport = /^export (type )?\{([^}]*)\} from '([^']+)';/gm;
const throughDoor = /\b(import|export) \{([^}]*)\} from (['"])#([a-z-]+)\3;/g;

/** `a as b, type C` → [name there, name here], values only. */
const namesIn = (list) =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/))
    .map(([there, here = there]) => [there, here]);

/** @param indexes lib → source of its index.ts. What a door does not re-export by name stays an import of the door. */
export function doors(indexes) {
  const known = new Map();
  for (const [lib, text] of indexes) {
    const names = new Map();
    for (const [, isType, list, module] of text.matchAll(reExport))
      if (!isType) for (const [there, here] of namesIn(list)) names.set(here, { module, name: there });
    known.set(lib, names);
  }
  const find = (lib, name) => {
    const found = known.get(lib)?.get(name);
    if (!found?.module.startsWith('#')) return found && { ...found, module: path.posix.join('libs', lib, 'src', found.module) };
    return find(found.module.slice(1), found.name);
  };
  /** @param file of compiled `code`, from the root; lines stay where they are */
  return (file, code) =>
    code.replace(throughDoor, (statement, kind, list, quote, lib) => {
      const names = namesIn(list).map(([there, here]) => ({ here, found: find(lib, there) }));
      if (names.some(({ found }) => !found)) return statement;
      const one = ({ here, found: { module, name } }) => {
        const target = path.posix.relative(path.posix.dirname(file), module);
        const what = name === here ? name : `${name} as ${here}`;
        return `${kind} { ${what} } from ${quote}${target.startsWith('.') ? target : `./${target}`}${quote};`;
      };
      return names.map(one).join(' ') + '\n'.repeat(statement.split('\n').length - 1);
    });
}
