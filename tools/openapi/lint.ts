/** What a reader of an OpenAPI document, or a generator of clients, would stumble over (OpenAPI 3.1.1 §4). Pure. */
type Json = { readonly [name: string]: Json } & object;

const methods = ['get', 'post', 'put', 'delete', 'patch'];

/** One line per fault, with method and path. */
export function lint(document: unknown): readonly string[] {
  const { openapi, info, paths } = document as Record<string, Json>;
  const ids = new Set<string>();
  const found: string[] = [];
  if (!String(openapi).startsWith('3.1.')) found.push('openapi is not 3.1');
  for (const name of ['title', 'version', 'description']) if (!info?.[name]) found.push(`info.${name} is missing`);
  for (const [route, item] of Object.entries(paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      const where = `${method.toUpperCase()} ${route}`;
      if (!methods.includes(method)) found.push(`${where}: no such method`);
      found.push(...operationFaults(operation, route, ids).map((fault) => `${where}: ${fault}`));
    }
  }
  return [...found, ...brokenReferences(document as Json, document as Json).map((reference) => `${reference} leads nowhere`)];
}

function operationFaults(operation: Json, route: string, ids: Set<string>): string[] {
  const { operationId, summary, responses = {}, parameters = [] } = operation as Record<string, unknown>;
  const declared = (parameters as { name: string; in: string; required?: boolean }[]).filter(
    (each) => each.in === 'path' && each.required,
  );
  const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const codes = Object.keys(responses as Json);
  const takesInput = 'requestBody' in operation || named.length > 0;
  const repeated = ids.has(String(operationId));
  ids.add(String(operationId));
  return [
    ...(operationId ? [] : ['operationId is missing']),
    ...(repeated ? [`operationId ${String(operationId)} occurs twice`] : []),
    ...(summary ? [] : ['summary is missing']),
    ...(codes.some((code) => code.startsWith('2')) ? [] : ['no answer of success']),
    ...(codes.some((code) => /^[45]/.test(code)) || !takesInput ? [] : ['no problem is documented']),
    ...Object.entries(responses as Record<string, { description?: string }>).flatMap(([code, { description }]) =>
      description ? [] : [`answer ${code} has no description`],
    ),
    ...named.flatMap((name) => (declared.some((each) => each.name === name) ? [] : [`path parameter ${name} is not declared`])),
  ];
}

function brokenReferences(root: Json, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (name !== '$ref' || typeof item !== 'string') return brokenReferences(root, item);
    const target = item
      .replace(/^#\//, '')
      .split('/')
      .reduce<Json | undefined>((at, step) => at?.[step], root);
    return item.startsWith('#/') && target ? [] : [item];
  });
}
