/**
 * What a module refers to, read with the TypeScript parser: static and type imports, re-exports, `import()`, `require()`,
 * `require.resolve()`, `import.meta.resolve()`, neighbours by `import.meta.url` and mocks; and every use of `process.env`.
 */
import ts from 'typescript';

export interface Reference {
  readonly line: number;
  /** Undefined where the target is computed, so that nobody can say what it is. */
  readonly specifier: string | undefined;
}

export interface References {
  readonly imports: readonly Reference[];
  /** Lines that read the environment. */
  readonly environment: readonly number[];
}

export function referencesOf(file: string, text: string): References {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Reference[] = [];
  const environment: number[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    if (target !== undefined) imports.push({ line: lineOf(node), specifier: target === null ? undefined : target });
    if (readsEnvironment(node)) environment.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, environment };
}

/** The module a node refers to, null when it is computed, undefined when the node refers to none. */
function targetOf(node: ts.Node): string | null | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier && literal(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return literal(node.expression);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : null;
  if (ts.isCallExpression(node) && isImportCall(node.expression)) return node.arguments[0] ? literal(node.arguments[0]) : null;
  return besideThisModule(node);
}

/** `new URL('./x.js', import.meta.url)`, and helpers of the form `entry(import.meta.url, './x')` that make a worker of a neighbour. */
function besideThisModule(node: ts.Node): string | undefined {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  const given = node.arguments ?? [];
  if (!given.some((argument) => argument.getText() === 'import.meta.url')) return undefined;
  const name = given.map(literal).find((text) => text !== null && /^\.\.?\/.*[^/]$/.test(text));
  if (!name) return undefined;
  if (/\.[cm]?[jt]s$/.test(name)) return name;
  return ts.isCallExpression(node) ? `${name}.js` : undefined; // a URL without such an ending is data, not a module
}

const callNames = new Set(['require', 'require.resolve', 'import.meta.resolve', 'jest.mock', 'jest.unstable_mockModule']);
const isImportCall = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || callNames.has(callee.getText());

const literal = (node: ts.Node): string | null => (ts.isStringLiteralLike(node) ? node.text : null);

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node)) return isProcess(node.expression) && literal(node.argumentExpression) !== 'argv';
  if (ts.isVariableDeclaration(node))
    return ts.isObjectBindingPattern(node.name) && node.initializer !== undefined && isProcess(node.initializer);
  if (ts.isImportDeclaration(node) && /^(node:)?process$/.test(literal(node.moduleSpecifier) ?? ''))
    return !onlyProcessItself(node);
  return false;
}

const isProcess = (node: ts.Expression): boolean => /^(globalThis\.|global\.)?process$/.test(node.getText());

/** `import process from 'node:process'` reads nothing yet; any other form could hand the environment on under another name. */
function onlyProcessItself(node: ts.ImportDeclaration): boolean {
  const { importClause } = node;
  return importClause?.name?.text === 'process' && importClause.namedBindings === undefined;
}
