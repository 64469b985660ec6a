/** Routes as Fastify registered them: tells 405 from 404, and lets a test compare the OpenAPI document with what is served. */
export interface ServedRoute {
  readonly method: string;
  /** Fastify syntax: `/v1/things/:id`. */
  readonly path: string;
}

export class RouteTable {
  private readonly served: ServedRoute[] = [];

  add(methods: string | readonly string[], path: string): void {
    for (const method of [methods].flat()) {
      if (method !== 'HEAD') this.served.push({ method, path });
    }
  }

  get routes(): readonly ServedRoute[] {
    return this.served;
  }

  /** Methods that this request target is served with, `HEAD` beside `GET`. */
  methodsOf(target: string): readonly string[] {
    const segments = segmentsOf(target.split('?', 1)[0] ?? '');
    const methods = this.served.filter(({ path }) => fits(segmentsOf(path), segments)).map(({ method }) => method);
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  }
}

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

const fits = (pattern: readonly string[], target: readonly string[]): boolean =>
  pattern.length === target.length && pattern.every((part, i) => (part.startsWith(':') ? target[i] !== '' : part === target[i]));
