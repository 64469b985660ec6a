/** What ES modules import, and what is reached from one of them. Names of packages stand for themselves. */
import path from 'node:path';
import ts from 'typescript';

export interface ModuleImports {
  /** Loaded with the module. */
  readonly always: readonly string[];
  /** Loaded when a function asks for it: `import()`. */
  readonly later: readonly string[];
}

/** @param names take a re-export into account only if it gives one of these names, as a bundler does where nothing has side effects */
export function importsOf(file: string, text: string, names?: ReadonlySet<string>): ModuleImports {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const always: string[] = [];
  const later: string[] = [];
  const target = (specifier: string) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && isWanted(node, names))
      always.push(target((node.moduleSpecifier as ts.StringLiteral).text));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      later.push(target((node.arguments[0] as ts.StringLiteral).text));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { always, later };
}

function isWanted(node: ts.ImportDeclaration | ts.ExportDeclaration, names: ReadonlySet<string> | undefined): boolean {
  if (!names || ts.isImportDeclaration(node)) return true;
  const { exportClause } = node;
  return !exportClause || !ts.isNamedExports(exportClause) || exportClause.elements.some(({ name }) => names.has(name.text));
}

/**
 * Modules and packages that are loaded with `entry`, itself included.
 * @param names of the entry, if only these are imported. @param withLater what functions may load, too
 */
export function reachedFrom(
  entry: string,
  read: (file: string) => string,
  { names, withLater = false }: { readonly names?: readonly string[]; readonly withLater?: boolean } = {},
): ReadonlySet<string> {
  const reached = new Set([entry]);
  for (const file of reached) {
    if (!/\.[cm]?[jt]s$/.test(file)) continue;
    const { always, later } = importsOf(file, read(file), file === entry && names ? new Set(names) : undefined);
    for (const next of withLater ? [...always, ...later] : always) reached.add(next);
  }
  return reached;
}
