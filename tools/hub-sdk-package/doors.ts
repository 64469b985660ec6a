/**
 * Imports of other libs ('#contracts') as imports of the very files that define the names, so that a package holds only what it uses,
 * and whoever bundles it can leave out what they do not. Pure but for reading the sources.
 */
import path from 'node:path';
import ts from 'typescript';
import { ToolError } from '../tool.ts';

/** Name of a door, as others import it → the file that has it (`contracts/events.js`), and its name there. */
type Door = ReadonlyMap<string, { readonly module: string; readonly name: string }>;

export class Doors {
  private readonly known = new Map<string, Door>();
  private readonly read: (file: string) => string;

  /** @param read text of a source, by its path from the root */
  constructor(read: (file: string) => string) {
    this.read = read;
  }

  /** The module with its '#' imports replaced. @param module `hub-sdk/notices/poll.js` */
  flattened(module: string): string {
    const file = sourceOf(module);
    const text = this.read(file);
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    let out = text;
    for (const statement of source.statements.toReversed()) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const specifier = statement.moduleSpecifier && (statement.moduleSpecifier as ts.StringLiteral).text;
      if (!specifier?.startsWith('#')) continue;
      const lines = this.linesFor(statement, specifier.slice(1), module);
      out = out.slice(0, statement.getStart(source)) + lines.join('\n') + out.slice(statement.end);
    }
    return out;
  }

  private linesFor(statement: ts.ImportDeclaration | ts.ExportDeclaration, lib: string, module: string): string[] {
    const isImport = ts.isImportDeclaration(statement);
    const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
    if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings)))
      throw new ToolError(`${sourceOf(module)}: only named imports and exports of #${lib} can be packed`);
    const onlyTypes = isImport ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : statement.isTypeOnly;
    const door = this.door(lib);
    return bindings.elements.map((element) => {
      const wanted = (element.propertyName ?? element.name).text;
      const found = door.get(wanted);
      if (!found) throw new ToolError(`#${lib} has no ${wanted}`);
      const names = found.name === element.name.text ? found.name : `${found.name} as ${element.name.text}`;
      const kind = `${isImport ? 'import' : 'export'}${onlyTypes || element.isTypeOnly ? ' type' : ''}`;
      const target = path.posix.relative(path.posix.dirname(module), found.module);
      return `${kind} { ${names} } from '${target.startsWith('.') ? target : `./${target}`}';`;
    });
  }

  private door(lib: string): Door {
    let door = this.known.get(lib);
    if (!door) this.known.set(lib, (door = this.readDoor(lib)));
    return door;
  }

  private readDoor(lib: string): Door {
    const names = new Map<string, { module: string; name: string }>();
    const source = ts.createSourceFile('index.ts', this.read(sourceOf(`${lib}/index.js`)), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) continue;
      if (!ts.isNamedExports(statement.exportClause)) continue;
      const module = path.posix.join(lib, (statement.moduleSpecifier as ts.StringLiteral).text);
      for (const { name, propertyName } of statement.exportClause.elements)
        names.set(name.text, { module, name: (propertyName ?? name).text });
    }
    return names;
  }
}

/** `contracts/events.js` → `libs/contracts/src/events.ts` */
const sourceOf = (module: string): string => {
  const [lib = '', ...rest] = module.split('/');
  return ['libs', lib, 'src', ...rest].join('/').replace(/\.js$/, '.ts');
};
