/** Where an OpenAPI document no longer keeps what an earlier one promised to programs of others. Pure. */
import { schemaBreaks } from './schema-breaks.ts';
import type { Direction, Schema } from './schema-breaks.ts';

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Body {
  readonly required?: boolean;
  readonly content?: Content;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}
interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body>>;
}
export interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** One line per broken promise, with method and path. What is new breaks nothing, unless a request must have it. */
export function breakingChanges(before: OpenApi, after: OpenApi): readonly string[] {
  const compare = comparison(before, after);
  return Object.entries(before.paths ?? {}).flatMap(([route, item]) => {
    const now = after.paths?.[route];
    if (!now) return [`${route}: the path is gone`];
    return Object.entries(item).flatMap(([method, operation]) => {
      const where = `${method.toUpperCase()} ${route}`;
      const changed = now[method];
      return changed ? compare(operation, changed).map((line) => `${where}: ${line}`) : [`${where}: the method is gone`];
    });
  });
}

const comparison = (before: OpenApi, after: OpenApi) => {
  const schemas = (old: Schema = {}, now: Schema = {}, direction: Direction, at: string) =>
    schemaBreaks({ document: before, schema: old }, { document: after, schema: now }, direction, at);

  const contents = (old: Content = {}, now: Content = {}, direction: Direction, at: string) =>
    Object.entries(old).flatMap(([type, { schema }]) =>
      now[type] ? schemas(schema, now[type].schema, direction, at) : [`${at} is ${type} no more`],
    );

  const parameters = (old: readonly Parameter[] = [], now: readonly Parameter[] = []) => {
    const same = (list: readonly Parameter[], one: Parameter) =>
      list.find(({ name, in: place }) => name === one.name && place === one.in);
    const gone = old.filter((one) => !same(now, one)).map(({ name }) => `parameter ${name} is gone`);
    const present = now.flatMap((one) => {
      const earlier = same(old, one);
      return [
        ...(one.required && !earlier?.required ? [`parameter ${one.name} is required now`] : []),
        ...(earlier ? schemas(earlier.schema, one.schema, 'request', `parameter ${one.name}`) : []),
      ];
    });
    return [...gone, ...present];
  };

  const request = (old: Body | undefined, now: Body | undefined) => {
    if (old && !now) return ['request has no body any more'];
    const required = now?.required && !old?.required ? ['request needs a body now'] : [];
    return [...required, ...contents(old?.content, now?.content, 'request', 'request')];
  };

  return (old: Operation, now: Operation): readonly string[] => [
    ...(old.operationId === now.operationId ? [] : [`operationId is ${now.operationId}, it was ${old.operationId}`]),
    ...parameters(old.parameters, now.parameters),
    ...request(old.requestBody, now.requestBody),
    ...Object.entries(old.responses ?? {}).flatMap(([code, { content }]) => {
      const answer = now.responses?.[code];
      return answer ? contents(content, answer.content, 'answer', `answer ${code}`) : [`answer ${code} is gone`];
    }),
  ];
};
